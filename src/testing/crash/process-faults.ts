import { setTimeout as wait } from "node:timers/promises"
import type { Failpoint, SinkCall } from "./crash-message.ts"
import type { CleanLoad, CrashFault, CrashTrial, LoaderStart } from "./crash-options.ts"
import type { Loader } from "./loader-process.ts"
import { mostLoaded } from "./trial-loaders.ts"
import { untilClaimed } from "./until-claimed.ts"

/** How long after SIGTERM a loader may still run or hold something. */
const farewellMs = 5_000
/** On a machine so slow that a load takes long, its end may: so many times a load without faults. */
const farewellLoads = 20
/** At every kind of call, before and after it. */
const timesEach = 25

/**
 * What can happen to the process of any loader, whatever its sink: SIGKILL at random times and around every call of the sink, SIGSTOP until
 * another has loaded, SIGTERM, a call that fails, an abort at every batch, ten loaders at once.
 */
export function processFaults<Settings>(): readonly CrashFault<Settings>[] {
  return [
    { name: "SIGKILL at random times", trials: 200, run: killedAtRandom },
    { name: "SIGKILL around every call of the sink", trials: (clean) => timesEach * momentsOf(clean).length, run: atCall("kill") },
    { name: "SIGSTOP until another has loaded", trials: 20, lanes: 8, run: zombie(stoppedAtCall) },
    { name: "SIGTERM at random times", trials: 20, run: terminated },
    { name: "a call of the sink fails", trials: 100, run: atCall("throw") },
    { name: "abort at every batch", trials: (clean) => 2 * writesOf(clean).length, run: aborted },
    { name: "ten loaders at once", trials: 100, run: manyAtOnce(10) },
  ]
}

/** SIGKILL at some moment of a load's usual time; after its claim, where that can be seen. */
async function killedAtRandom<Settings>({ start, random, clean, target, missed }: CrashTrial<Settings>): Promise<undefined> {
  const loader = await start()
  const isClaimed = await untilClaimed(target, loader)
  await wait(random() * (isClaimed ? clean.claimedMs : clean.ms))
  loader.kill("SIGKILL")
  const output = await loader.ended
  if (target.claimed !== undefined && !(isClaimed && output === undefined)) missed()
}

/** Before and after each kind of call in turn, and of one that comes more than once at each of them in turn. */
function atCall(act: "kill" | "throw"): <Settings>(trial: CrashTrial<Settings>) => Promise<undefined> {
  return async (trial) => {
    const { start, clean, number } = trial
    const moments = momentsOf(clean)
    const moment = moments[number % moments.length]
    const calls = clean.calls.filter(({ method }) => method === moment?.method)
    const call = callOf(trial, calls, Math.floor(number / moments.length))
    trial.harmed(`${moment?.when} ${call.method}`)
    await (await start({ failpoint: { ...call, when: moment?.when ?? "before", act } })).ended
  }
}

function momentsOf({ calls }: CleanLoad): readonly Pick<Failpoint, "method" | "when">[] {
  const methods = [...new Set(calls.map(({ method }) => method))]
  return methods.flatMap((method) => [
    { method, when: "before" },
    { method, when: "after" },
  ])
}

function writesOf({ calls }: CleanLoad): readonly SinkCall[] {
  return calls.filter(({ method }) => method === "write")
}

/** The run's signal is aborted as each batch in turn reaches the sink: the run must say so, and the target must be as it was before that delivery. */
async function aborted<Settings>(trial: CrashTrial<Settings>): Promise<readonly string[]> {
  const { start, clean, number, target } = trial
  const before = await target.look()
  const batch = callOf(trial, writesOf(clean), number >> 1)
  trial.harmed(`${batch.method} ${batch.nth}`)
  const output = await (await start({ failpoint: { ...batch, when: "before", act: "abort" } })).ended
  return [
    ...(output?.code === "ABORTED" ? [] : [`a loader that was aborted said ${output?.outcome ?? output?.code}`]),
    ...([before, ...(target.between ?? [])].includes(await target.look()) ? [] : ["an aborted load has changed the target"]),
    ...((await target.leaks?.()) ?? []),
  ]
}

/** SIGTERM at some moment: the loader is gone in good time, and holds nothing. */
async function terminated<Settings>({ start, random, clean, target }: CrashTrial<Settings>): Promise<readonly string[]> {
  const loader = await start()
  await wait(random() * clean.ms)
  const told = performance.now()
  loader.kill("SIGTERM")
  await loader.ended
  const held = (await target.leaks?.()) ?? []
  const ms = performance.now() - told
  const late = ms > Math.max(farewellMs, farewellLoads * clean.ms)
  return late ? [`a loader held on for ${Math.round(ms)} ms after SIGTERM`, ...held] : held
}

/** Loaders of the same bytes, all at once: one of them loads, the others find it loaded, or say `SINK_BUSY` where their sink does not wait. */
function manyAtOnce(loaders: number): <Settings>(trial: CrashTrial<Settings>) => Promise<readonly string[]> {
  return async ({ start, target }) => {
    const running = await Promise.all(Array.from({ length: loaders }, () => start()))
    const said = await Promise.all(running.map(({ ended }) => ended))
    const others = said.filter((output) => output?.outcome !== "loaded" && output?.outcome !== "duplicate" && output?.code !== "SINK_BUSY")
    const loaded = said.filter((output) => output?.outcome === "loaded").length
    return [
      ...(loaded >= 1 && loaded <= mostLoaded(target) ? [] : [`${loaded} of ${loaders} loaders at once say that they loaded`]),
      ...others.slice(0, 3).map((output) => `one of ${loaders} loaders at once said ${output?.code}: ${output?.message}`),
    ]
  }
}

/** A loader that is stopped somewhere, as `stopIn` has it, and wakes when another has loaded: it must see that its time is over. */
export function zombie<Settings>(
  stopIn: (trial: CrashTrial<Settings>, work: (stopped: Loader) => Promise<readonly string[]>) => Promise<readonly string[]>,
): (trial: CrashTrial<Settings>) => Promise<readonly string[]> {
  return (trial) =>
    stopIn(trial, async (stopped) => {
      const second = await (await trial.start()).ended
      const woken = await endOfWoken(stopped)
      const ok = second?.outcome === "loaded" || second?.outcome === "duplicate"
      return [
        ...(ok ? [] : [`the loader that took over said ${second?.code}: ${second?.message}`]),
        ...(mostLoaded(trial.target) === 1 && second?.outcome === "loaded" && woken?.outcome === "loaded"
          ? ["both loaders say that they loaded"]
          : []),
      ]
    })
}

async function stoppedAtCall<Settings>(
  trial: CrashTrial<Settings>,
  work: (stopped: Loader) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const { start, clean, random, target, missed } = trial
  const when = random() < 0.5 ? "before" : "after"
  const failpoint: Failpoint = { ...callOf(trial, clean.calls, Math.floor(random() * clean.calls.length)), when, act: "stop" }
  const stopped = await start({ failpoint } satisfies LoaderStart<Settings>)
  await Promise.race([stopped.reached, stopped.ended])
  if (target.claimed === undefined || (await target.claimed())) return work(stopped)
  missed()
  await endOfWoken(stopped)
  return []
}

function callOf({ note }: Pick<CrashTrial, "note">, calls: readonly SinkCall[], at: number): SinkCall {
  const call = calls[at % calls.length]
  if (call === undefined) throw new Error("the clean load made no call of its sink")
  note(`at call ${call.nth} of ${call.method}`)
  return call
}

/** Goes on waking a loader until it ends: one that says that it is about to stop may not have stopped yet. */
async function endOfWoken(loader: Loader): Loader["ended"] {
  const waking = setInterval(() => loader.kill("SIGCONT"), 50)
  try {
    return await loader.ended
  } finally {
    clearInterval(waking)
  }
}
