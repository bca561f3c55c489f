import { setTimeout as wait } from "node:timers/promises"
import type { Connection, Database } from "./database.ts"
import { faultOf, sinkError } from "./sink-error.ts"

/** The server is starting up or shutting down, or cut the connection. It may be available again soon. */
const transientCodes = new Set(["57P01", "57P02", "57P03", "ECONNRESET", "EPIPE"])
const patienceMs = 10_000
/** Too many connections. Their owners will finish. */
const tooManyConnections = "53300"
const fullServerPatienceMs = 60_000
/** No server listens: it restarts, or the port is wrong, and then the user should hear of it soon. */
const connectionRefused = "ECONNREFUSED"
const refusedPatienceMs = 1_000

/** Connects. If the reason of a failure may pass by itself, tries again, with growing pauses of random length, for at most `mostMs`. */
export async function connectPatiently(
  database: Database,
  signal: AbortSignal,
  mostMs: number = Number.POSITIVE_INFINITY,
): Promise<Connection> {
  const began = Date.now()
  for (let pauseMs = 50; ; pauseMs *= 2) {
    try {
      return await connectUnlessAborted(database, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (Date.now() - began >= Math.min(patienceFor(error), mostMs)) throw sinkError(error, database.name)
      await wait(Math.random() * Math.min(pauseMs, 2_000), undefined, { signal })
    }
  }
}

function patienceFor(error: unknown): number {
  const { code, message } = faultOf(error)
  // PgBouncer uses its own message for this.
  if (code === tooManyConnections || /no more connections allowed/.test(message)) return fullServerPatienceMs
  if (transientCodes.has(code) || /terminated/.test(message)) return patienceMs
  return code === connectionRefused ? refusedPatienceMs : 0
}

/** A pool may make the caller wait as long as others work; an abort ends that wait. */
async function connectUnlessAborted(database: Database, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted()
  const connecting = database.connect()
  let stop: () => void = () => undefined
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined)
    signal.addEventListener("abort", stop, { once: true })
  })
  try {
    const connection = await Promise.race([connecting, aborted])
    if (connection !== undefined) return connection
    // The connection may still arrive and must then be released.
    connecting.then(
      (late) => late.release(),
      () => undefined,
    )
    throw signal.reason
  } finally {
    signal.removeEventListener("abort", stop)
  }
}
