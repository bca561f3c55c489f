import { setImmediate as nextTurn } from "node:timers/promises"

/** A connection that was cut since no answer came. */
export class SilentConnection extends Error {}

/**
 * A process that did not run for a while, stopped or starved, finds its timers due before it has read what came meanwhile: an answer that
 * is there must not count as missing.
 */
export async function pendingReads(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await nextTurn()
}
