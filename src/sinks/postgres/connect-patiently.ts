import { setTimeout as wait } from "node:timers/promises"
import type { Connection, Database } from "./database.ts"
import { faultOf, sinkError } from "./sink-error.ts"

/** Too many connections, starting up, shutting down, cut while connecting: it may well be over in a moment. */
const passing = new Set(["53300", "57P01", "57P02", "57P03", "ECONNRESET", "EPIPE"])
/** Nobody listens: a server that restarts, or a wrong port, which should be said soon. */
const perhaps = new Set(["ECONNREFUSED"])
const patienceMs = 10_000
const shortPatienceMs = 1_000

/** Connects; tries again, with growing pauses of random length, while the reason it fails for may pass by itself. */
export async function connectPatiently(database: Database, signal: AbortSignal, mostMs: number = patienceMs): Promise<Connection> {
  const began = Date.now()
  for (let pauseMs = 50; ; pauseMs *= 2) {
    try {
      return await database.connect()
    } catch (error) {
      const { code, message } = faultOf(error)
      const cut = passing.has(code) || /terminated/.test(message)
      const patience = cut ? mostMs : perhaps.has(code) ? Math.min(shortPatienceMs, mostMs) : 0
      if (Date.now() - began >= patience) throw sinkError(error, database.name)
      await wait(Math.random() * Math.min(pauseMs, 2_000), undefined, { signal })
    }
  }
}
