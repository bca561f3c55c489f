import type { Origin, Origins } from "../../model/origin.ts"

/** What a batch needs to tell the origins of its rows. */
export interface CsvOriginsOptions {
  readonly uri: string
  readonly version: string | undefined
  /** The table, if it is not the first of its file. */
  readonly table: string | undefined
  /** The batch's text, unchanged from the file. */
  readonly text: Uint8Array
  /** Where each row's record begins in the text. */
  readonly rowStarts: Uint32Array
  /** Where the text begins in the file; undefined if the file is not UTF-8. */
  readonly offset: number | undefined
  /** The number of the first row's record, counted from 1. */
  readonly record: number
  /** The line on which the text begins, counted from 1. */
  readonly line: number
  /**
   * Line ends from the beginning of the text through the last row; undefined if that is unknown. If it equals the number of rows, each row is
   * one line and no line needs to be counted.
   */
  readonly lines: number | undefined
  /** Whether a lone CR ends a line. */
  readonly loneCr: boolean
}

const lf = 10
const cr = 13

/** Record number, line and byte offset of a batch's rows. Lines are counted on request. */
export class CsvOrigins implements Origins {
  readonly #options: CsvOriginsOptions
  // Where the last count ended. Callers mostly ask for rows in order.
  #counted = 0
  #lines = 0

  constructor(options: CsvOriginsOptions) {
    this.#options = options
  }

  at(row: number): Origin {
    const { uri, version, table, rowStarts, offset, record, line, lines } = this.#options
    const start = rowStarts[row] ?? 0
    return {
      uri,
      ...(version === undefined ? {} : { version }),
      ...(table === undefined ? {} : { table }),
      row: record + row,
      line: line + (lines === rowStarts.length ? row : this.#linesBefore(start)),
      ...(offset === undefined ? {} : { offset: offset + start }),
    }
  }

  #linesBefore(position: number): number {
    if (position < this.#counted) {
      this.#counted = 0
      this.#lines = 0
    }
    const { text, loneCr } = this.#options
    for (let at = this.#counted; at < position; at++) {
      const byte = text[at]
      if (byte === lf || (loneCr && byte === cr && text[at + 1] !== lf)) this.#lines++
    }
    this.#counted = position
    return this.#lines
  }
}
