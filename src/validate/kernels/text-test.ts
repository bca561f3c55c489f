import type { Column } from "../../model/column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import type { CellTest } from "./cell-test.ts"

/** Tests single texts, given as bytes or as strings. */
export abstract class TextTest implements CellTest {
  /** Whether the text in the range surely passes. */
  abstract bytes(bytes: Buffer, start: number, end: number): boolean
  /** Whether the text surely passes. */
  abstract text(text: string): boolean

  doubt(column: Column<unknown>, doubts: Uint8Array): void {
    if (column instanceof BytesColumn) this.#doubtBytes(column, doubts)
    else if (column instanceof DictionaryColumn) this.#doubtDictionary(column, doubts)
    else {
      for (let row = 0; row < column.length; row++) {
        const value = column.at(row)
        if (value !== null && !(typeof value === "string" && this.text(value))) doubts[row] = 1
      }
    }
  }

  #doubtBytes(column: BytesColumn, doubts: Uint8Array): void {
    const { bytes, starts, ends, length, nulls } = column
    const anyNull = nulls.count !== 0
    for (let row = 0; row < length; row++) {
      if (anyNull && nulls.has(row)) continue
      if (!this.bytes(bytes, starts[row] ?? 0, ends[row] ?? 0)) doubts[row] = 1
    }
  }

  /** Tests each distinct value once. */
  #doubtDictionary(column: DictionaryColumn, doubts: Uint8Array): void {
    const { codes, values, nulls, length } = column
    const verdicts = new Map<number, boolean>()
    for (let row = 0; row < length; row++) {
      if (nulls.has(row)) continue
      const code = codes[row] ?? 0
      let passes = verdicts.get(code)
      if (passes === undefined) {
        passes = this.text(values[code] ?? "")
        verdicts.set(code, passes)
      }
      if (!passes) doubts[row] = 1
    }
  }
}
