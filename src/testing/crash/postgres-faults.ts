import { setTimeout as wait } from "node:timers/promises"
import type { CleanLoad, CrashFault, CrashNetwork, CrashTrial } from "./crash-options.ts"
import { type ClientMessage, type Fate, FaultProxy } from "./fault-proxy.ts"
import type { Loader } from "./loader-process.ts"
import { zombie } from "./process-faults.ts"

/** The distance between two resets of COPY. */
const resetBytes = 4096
/** How often each kind of message gets a SIGKILL. */
const timesEach = 25
/** How long a loader with dead connections may take to end. One whose COMMIT was not answered asks for the outcome for 60 seconds. */
const deafSeconds = 90

/**
 * The faults between a loader and its PostgreSQL server: SIGKILL at every kind of message, a reset at every 4 KB of COPY, lost answers, stalls,
 * small slices, dead connections, and SIGSTOP at any message until another loader has loaded. For targets with a `network`.
 */
export function postgresFaults<Settings>(): readonly CrashFault<Settings>[] {
  return [
    { name: "SIGKILL at every kind of message", trials: (clean) => timesEach * kindsOf(clean).length, run: killedAtMessage },
    { name: "SIGSTOP at a message until another has loaded", trials: 100, lanes: 8, run: zombie(stoppedAtMessage) },
    { name: "reset at every 4 KB of COPY", trials: (clean) => Math.ceil(copiedBytes(clean) / resetBytes), run: copyReset },
    { name: "answer to COMMIT lost", trials: 100, run: answerLost(({ label }) => label === "COMMIT") },
    { name: "any answer lost", trials: 50, run: (trial) => answerLost(anyPoint(trial))(trial) },
    { name: "stalls", trials: 20, lanes: 8, run: stalled },
    { name: "slices of a few bytes", trials: 10, run: sliced },
    { name: "connections that go deaf", trials: 20, lanes: 8, run: deaf },
  ]
}

/** Recognises a message that is chosen at random. The kind is chosen first, so that rare kinds are as likely as common ones. */
function anyPoint<Settings>({ clean, random, note, harmed }: CrashTrial<Settings>, kindAt?: number): (message: ClientMessage) => boolean {
  const kinds = kindsOf(clean)
  const kind = kinds[(kindAt ?? Math.floor(random() * kinds.length)) % kinds.length]
  const ofKind = clean.messages.filter(({ label }) => label === kind)
  const chosen = ofKind[Math.floor(random() * ofKind.length)]
  if (chosen === undefined) throw new Error("The load sent no message through the proxy; check that through(port) uses the port.")
  note(`at message ${chosen.nth} of the kind "${chosen.label}"`)
  return ({ label, nth }) => {
    const isHere = label === chosen.label && nth === chosen.nth
    if (isHere) harmed(label)
    return isHere
  }
}

function kindsOf({ messages }: CleanLoad): readonly string[] {
  return [...new Set(messages.map(({ label }) => label))]
}

function copiedBytes({ messages }: CleanLoad): number {
  const last = messages.findLast(({ label }) => label === "CopyData")
  return (last?.copied ?? 0) + (last?.bytes ?? 0)
}

/** Runs a loader without faults and returns the messages that it sent. */
export async function recordMessages<Settings>(trial: CrashTrial<Settings>): Promise<readonly ClientMessage[]> {
  const messages: ClientMessage[] = []
  await behindProxy(trial, (message) => {
    messages.push(message)
    return "pass"
  })
  return messages
}

/** Runs a loader behind a proxy that decides on each message. Returns the loader's result. */
async function behindProxy<Settings>(
  { target, start }: CrashTrial<Settings>,
  decide: (message: ClientMessage, loader: Loader | undefined) => Fate | Promise<Fate>,
  { slice, attempts, work = ({ ended }) => ended.then(() => undefined) }: ProxyOptions = {},
): Promise<void> {
  const network = networkOf(target)
  let loader: Loader | undefined
  await using proxy = await FaultProxy.before(network, { onMessage: (message) => decide(message, loader), slice })
  loader = await start({ settings: network.through(proxy.port), attempts })
  await work(loader)
}

interface ProxyOptions {
  readonly attempts?: number | undefined
  readonly slice?: number | undefined
  /** What to do while the proxy is running. Default: wait until the loader ends. */
  readonly work?: ((loader: Loader) => Promise<void>) | undefined
}

function networkOf<Settings>({ network }: CrashTrial<Settings>["target"]): CrashNetwork<Settings> {
  if (network === undefined) throw new Error("The target has no network, which network faults need.")
  return network
}

/**
 * Kills the loader before the server sees a message, or after the server has carried it out and before the loader knows. Each kind of message is
 * equally likely.
 */
async function killedAtMessage<Settings>(trial: CrashTrial<Settings>): Promise<undefined> {
  const kinds = kindsOf(trial.clean).length
  const isPoint = anyPoint(trial, trial.number)
  const fate = Math.floor(trial.number / Math.max(1, kinds)) % 2 === 0 ? "reset" : "swallow"
  let killed = false
  await behindProxy(trial, (message, loader) => {
    if (killed) return "reset"
    if (!isPoint(message)) return "pass"
    killed = true
    loader?.kill("SIGKILL")
    return fate
  })
}

async function stoppedAtMessage<Settings>(
  trial: CrashTrial<Settings>,
  work: (stopped: Loader) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const isPoint = anyPoint(trial)
  let found: readonly string[] = []
  let stopped = false
  let reach: () => void = () => undefined
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  await behindProxy(
    trial,
    (message, loader) => {
      if (!stopped && isPoint(message) && loader?.running === true) {
        stopped = true
        loader.kill("SIGSTOP")
        reach()
      }
      return "pass"
    },
    {
      async work(loader) {
        await Promise.race([reached, loader.ended])
        found = await work(loader)
      },
    },
  )
  return found
}

/** Counts the bytes that COPY sends, so that most resets hit the middle of a message. */
async function copyReset<Settings>(trial: CrashTrial<Settings>): Promise<undefined> {
  const at = (trial.number * resetBytes) % Math.max(1, copiedBytes(trial.clean))
  let cut = false
  await behindProxy(trial, ({ label, copied, bytes }) => {
    if (cut || label !== "CopyData" || copied + bytes <= at) return "pass"
    cut = true
    return at - copied
  })
}

/** The server carries out the message, but its answer never arrives. The last message of a connection is not a point, because it has no answer. */
function answerLost(isPoint: (message: ClientMessage) => boolean): <Settings>(trial: CrashTrial<Settings>) => Promise<undefined> {
  return async (trial) => {
    let lost = false
    await behindProxy(trial, (message) => {
      if (lost || !isPoint(message)) return "pass"
      lost = true
      return "swallow"
    })
  }
}

/** Stops all traffic for a while during the load. No loader may give up after a second. */
async function stalled<Settings>(trial: CrashTrial<Settings>): Promise<undefined> {
  const isPoint = anyPoint(trial)
  const ms = 200 + trial.random() * 1000
  await behindProxy(trial, async (message): Promise<Fate> => {
    if (isPoint(message)) await wait(ms)
    return "pass"
  })
}

/** Delivers all bytes, a few at a time, with pauses. */
async function sliced<Settings>(trial: CrashTrial<Settings>): Promise<undefined> {
  const slice = 1 + Math.floor(trial.random() * 700)
  await behindProxy(
    trial,
    async ({ nth }): Promise<Fate> => {
      if (nth % 20 === 0) await wait(trial.random() * 5)
      return "pass"
    },
    { slice },
  )
}

/** From some point on, open connections pass nothing more, but are not closed. The loader must notice by itself, and the file must be loaded. */
async function deaf<Settings>(trial: CrashTrial<Settings>): Promise<readonly string[]> {
  const isPoint = anyPoint(trial)
  const found: string[] = []
  // The network works again for new connections, or it does not.
  const fate = trial.number % 5 === 4 ? "deaf for good" : "deaf"
  await behindProxy(trial, (message) => (isPoint(message) ? fate : "pass"), {
    ...(fate === "deaf for good" ? { attempts: 1 } : {}),
    async work(loader) {
      const over = new AbortController()
      const late = await Promise.race([loader.ended.then(() => false), wait(deafSeconds * 1000, true, { signal: over.signal })])
      over.abort()
      if (late) found.push(`a loader with dead connections hung for ${deafSeconds} seconds`)
      const next = await (await trial.start()).ended
      if (next?.code !== undefined)
        found.push(`the loader that took over from one with dead connections said ${next.code}: ${next.message}`)
    },
  })
  return found
}
