import { setImmediate as nextTurn } from "node:timers/promises"
import type { Batches } from "../../model/batch.ts"

/** After this many properties of row objects, other code gets a turn. With thousands of columns, these are a few rows. */
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

/** How many row objects with this many columns are made without a pause. */
export function rowsPerTurn(columns: number): number {
  return Math.max(1, Math.floor(turnProperties / Math.max(1, columns)))
}
