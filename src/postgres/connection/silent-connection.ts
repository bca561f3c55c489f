import { setImmediate as nextTurn } from "node:timers/promises"

/** A connection that was closed because the server did not answer. The message is a clause. */
export class SilentConnection extends Error {}

/**
 * Waits until the process has read what has arrived on its sockets. After a process was stopped or starved for a while, its timers run first,
 * and an answer that has arrived must not count as missing.
 */
export async function pendingReads(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await nextTurn()
}
