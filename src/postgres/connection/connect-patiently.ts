import { setTimeout as wait } from "node:timers/promises"
import type { Connection, Database } from "./database.ts"
import { faultOf, sinkError } from "./sink-error.ts"

/** Starting up, shutting down, cut while connecting: it may well be over in a moment. */
const transientCodes = new Set(["57P01", "57P02", "57P03", "ECONNRESET", "EPIPE"])
const patienceMs = 10_000
/** Too many connections: those who have them are at work, and will be done. */
const tooManyConnections = "53300"
const fullServerPatienceMs = 60_000
/** Nobody listens: a server that restarts, or a wrong port, which should be said soon. */
const connectionRefused = "ECONNREFUSED"
const refusedPatienceMs = 1_000

/** Connects; tries again, with growing pauses of random length, while the reason it fails for may pass by itself. At most for `mostMs`. */
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
      if (Date.now() - began >= Math.min(patience(error), mostMs)) throw sinkError(error, database.name)
      await wait(Math.random() * Math.min(pauseMs, 2_000), undefined, { signal })
    }
  }
}

function patience(error: unknown): number {
  const { code, message } = faultOf(error)
  // The second is PgBouncer's word for it.
  if (code === tooManyConnections || /no more connections allowed/.test(message)) return fullServerPatienceMs
  if (transientCodes.has(code) || /terminated/.test(message)) return patienceMs
  return code === connectionRefused ? refusedPatienceMs : 0
}

/** A pool may let one wait for as long as others work; whoever is called off does not. */
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
    // It may still come, and must not be left lying about.
    connecting.then(
      (late) => late.release(),
      () => undefined,
    )
    throw signal.reason
  } finally {
    signal.removeEventListener("abort", stop)
  }
}
