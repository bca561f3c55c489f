import { sharedCell } from "../cells/cell-kind.ts"
import type { SharedStrings } from "./shared-strings.ts"

/** Above this many shared strings a table of all of them would cost more than a map of those that a batch uses. */
const tableLimit = 4 * 1024 * 1024

/**
 * Gives the shared strings of one column of one batch codes from 0 on, in the order in which they come.
 *
 * The workbook's table holds the texts of all columns: a column of five values would otherwise come with a dictionary of all customers.
 */
export class SharedCodes {
  /** Codes given, from `#base` on: what is lower was given to an earlier column. */
  readonly #table: Int32Array | undefined
  readonly #map = new Map<number, number>()
  #base = 1

  constructor(strings: SharedStrings) {
    this.#table = strings.count <= tableLimit ? new Int32Array(strings.count) : undefined
  }

  /** Puts the code of each row's string into `codes`, where the row's cell is one; the strings, by code. */
  encode(ids: Float64Array, kinds: Uint8Array, length: number, codes: Uint32Array): Uint32Array {
    const distinct = new Uint32Array(length)
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
      return distinct.subarray(0, count)
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
    return distinct.subarray(0, count)
  }
}
