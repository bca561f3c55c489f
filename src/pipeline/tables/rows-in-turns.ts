import { setImmediate as nextTurn } from "node:timers/promises"
import type { Batches } from "../../model/batch.ts"

/** Properties of row objects after which others get their turn: those of a few rows if there are thousands of columns. */
const turnProperties = 1 << 16

/** The passing rows of batches as objects. */
export async function* rowsInTurns<T>(batches: Batches<T>): AsyncGenerator<T, void, undefined> {
  for await (const batch of batches) {
    const turnRows = rowsPerTurn(batch.names.length)
    let made = 0
    for (const row of batch.rows) {
      yield row
      if (++made % turnRows === 0) await nextTurn()
    }
  }
}

/** Row objects of so many columns that are made at one go. */
export function rowsPerTurn(columns: number): number {
  return Math.max(1, Math.floor(turnProperties / Math.max(1, columns)))
}
