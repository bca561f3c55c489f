import { setTimeout as wait } from "node:timers/promises"
import type { Failpoint, SinkCall } from "./crash-message.ts"
import type { CleanLoad, CrashFault, CrashTrial, LoaderStart } from "./crash-options.ts"
import type { Loader } from "./loader-process.ts"
import { mostLoaded } from "./trial-loaders.ts"
import { untilClaimed } from "./until-claimed.ts"

/** How long after SIGTERM a loader may still run or hold something. */
const farewellMs = 5_000
/** On a slow machine, it may take this many times as long as a load without faults. */
const farewellLoads = 20
/** How often each kind of call is hit, before and after it. */
const timesEach = 25

/**
 * The faults that can happen to the process of a loader with any sink: SIGKILL at random times and around every call of the sink, SIGSTOP until
 * another loader has loaded, SIGTERM, a failing call, an abort at every batch, and ten loaders at once.
 */
export function processFaults<Settings>(): readonly CrashFault<Settings>[] {
  return [
    { name: "SIGKILL at random times", trials: 200, run: killedAtRandom },
    { name: "SIGKILL around every call of the sink", trials: (clean) => timesEach * momentsOf(clean).length, run: atCall("kill") },
    { name: "SIGSTOP until another has loaded", trials: 20, lanes: 8, run: zombie(stoppedAtCall) },
    { name: "SIGTERM at random times", trials: 20, run: terminated },
    { name: "a failing call of the sink", trials: 100, run: atCall("throw") },
    { name: "abort at every batch", trials: (clean) => 2 * writesOf(clean).length, run: aborted },
    { name: "ten loaders at once", trials: 100, run: manyAtOnce(10) },
  ]
}

/** Kills the loader at a random moment of a load's usual time; after its claim, if the target has `claimed`. */
async function killedAtRandom<Settings>({ start, random, clean, target, missed }: CrashTrial<Settings>): Promise<undefined> {
  const loader = await start()
  const isClaimed = await untilClaimed(target, loader)
  await wait(random() * (isClaimed ? clean.claimedMs : clean.ms))
  loader.kill("SIGKILL")
  const output = await loader.ended
  if (target.claimed !== undefined && !(isClaimed && output === undefined)) missed()
}

/** Acts before and after each kind of call in turn. If a kind occurs more than once, each occurrence gets its turn. */
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

/**
 * Aborts the run's signal as each batch in turn reaches the sink. The run must report the abort, and the target must be as it was before that
 * delivery.
 */
async function aborted<Settings>(trial: CrashTrial<Settings>): Promise<readonly string[]> {
  const { start, clean, number, target } = trial
  const before = await target.look()
  const batch = callOf(trial, writesOf(clean), number >> 1)
  trial.harmed(`${batch.method} ${batch.nth}`)
  const output = await (await start({ failpoint: { ...batch, when: "before", act: "abort" } })).ended
  return [
    ...(output?.code === "ABORTED" ? [] : [`a loader that was aborted said ${output?.outcome ?? output?.code}`]),
    ...([before, ...(target.between ?? [])].includes(await target.look()) ? [] : ["an aborted load changed the target"]),
    ...((await target.leaks?.()) ?? []),
  ]
}

/** Sends SIGTERM at a random moment. The loader must end soon and hold nothing. */
async function terminated<Settings>({ start, random, clean, target }: CrashTrial<Settings>): Promise<readonly string[]> {
  const loader = await start()
  await wait(random() * clean.ms)
  const told = performance.now()
  loader.kill("SIGTERM")
  await loader.ended
  const held = (await target.leaks?.()) ?? []
  const ms = performance.now() - told
  const late = ms > Math.max(farewellMs, farewellLoads * clean.ms)
  return late ? [`a loader was still running ${Math.round(ms)} ms after SIGTERM`, ...held] : held
}

/** Starts loaders of the same bytes at once. One of them loads; the others find it loaded, or say `SINK_BUSY` if their sink does not wait. */
function manyAtOnce(loaders: number): <Settings>(trial: CrashTrial<Settings>) => Promise<readonly string[]> {
  return async ({ start, target }) => {
    const running = await Promise.all(Array.from({ length: loaders }, () => start()))
    const said = await Promise.all(running.map(({ ended }) => ended))
    const others = said.filter((output) => output?.outcome !== "loaded" && output?.outcome !== "duplicate" && output?.code !== "SINK_BUSY")
    const loaded = said.filter((output) => output?.outcome === "loaded").length
    return [
      ...(loaded >= 1 && loaded <= mostLoaded(target) ? [] : [`${loaded} of ${loaders} loaders at once report that they loaded`]),
      ...others.slice(0, 3).map((output) => `one of ${loaders} loaders at once said ${output?.code}: ${output?.message}`),
    ]
  }
}

/** Stops a loader at the point that `stopIn` chooses, and wakes it when another one has loaded. It must notice that it is too late. */
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
          ? ["both loaders report that they loaded"]
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
  if (call === undefined) throw new Error("The load without faults made no call to its sink.")
  note(`at call ${call.nth} of ${call.method}`)
  return call
}

/** Keeps waking a loader until it ends: a loader that reports that it is about to stop may not have stopped yet. */
async function endOfWoken(loader: Loader): Loader["ended"] {
  const waking = setInterval(() => loader.kill("SIGCONT"), 50)
  try {
    return await loader.ended
  } finally {
    clearInterval(waking)
  }
}
