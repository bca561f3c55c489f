import { sharedCell } from "../cells/cell-kind.ts"
import type { SharedStrings } from "./shared-strings.ts"

/** Above this many shared strings, a table of all of them costs more than a map of those that a batch uses. */
const tableLimit = 4 * 1024 * 1024

/**
 * Numbers the shared strings of one column in one batch, from 0 in the order of their first use.
 *
 * The workbook has one table with the texts of all columns. Without these codes, a column of five values would have all customers in its dictionary.
 */
export class SharedCodes {
  /** The code of each string plus `#base`. Lower numbers are left from earlier columns. */
  readonly #table: Int32Array | undefined
  readonly #map = new Map<number, number>()
  #base = 1

  constructor(strings: SharedStrings) {
    this.#table = strings.count <= tableLimit ? new Int32Array(strings.count) : undefined
  }

  /** Writes the code of each row's shared string into `codes`, and the indexes of the strings, by code, into `distinct`. Returns their number. */
  encode(ids: Float64Array, kinds: Uint8Array, length: number, codes: Uint32Array, distinct: Uint32Array): number {
    const table = this.#table
    let count = 0
    if (table === undefined) {
      this.#map.clear()
      for (let row = 0; row < length; row++) {
        if (kinds[row] !== sharedCell) continue
        const id = ids[row] as number
        let code = this.#map.get(id)
        if (code === undefined) {
          code = count++
          distinct[code] = id
          this.#map.set(id, code)
        }
        codes[row] = code
      }
      return count
    }
    if (this.#base > 0x7fff_ffff - length) {
      table.fill(0)
      this.#base = 1
    }
    const base = this.#base
    for (let row = 0; row < length; row++) {
      if (kinds[row] !== sharedCell) continue
      const id = ids[row] as number
      let code = (table[id] as number) - base
      if (code < 0) {
        code = count++
        distinct[code] = id
        table[id] = code + base
      }
      codes[row] = code
    }
    this.#base += count
    return count
  }
}
