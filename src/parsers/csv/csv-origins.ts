import type { Origin, Origins } from "../../model/origin.ts"

/** What the origins of a batch's rows are made from. */
export interface CsvOriginsOptions {
  readonly uri: string
  readonly version: string | undefined
  /** The batch's text as it stands in the file. */
  readonly text: Uint8Array
  /** Where each row's record begins in it. */
  readonly rowStarts: Uint32Array
  /** Where the text begins in the file; undefined where the file is not UTF-8. */
  readonly offset: number | undefined
  /** One-based number of the first row's record. */
  readonly record: number
  /** One-based line on which the text begins. */
  readonly line: number
  /** Line ends from there on to the end of the last row: as many as rows where each is one line, which need not be counted then; undefined where that does not follow. */
  readonly lines: number | undefined
  /** Whether a lone CR ends a line. */
  readonly loneCr: boolean
}

const lf = 10
const cr = 13

/** Record, line and byte offset of a batch's rows. Lines are counted when they are asked for. */
export class CsvOrigins implements Origins {
  readonly #options: CsvOriginsOptions
  // Where the last count ended: rows are mostly asked for in their order.
  #counted = 0
  #lines = 0

  constructor(options: CsvOriginsOptions) {
    this.#options = options
  }

  at(row: number): Origin {
    const { uri, version, rowStarts, offset, record, line, lines } = this.#options
    const start = rowStarts[row] ?? 0
    return {
      uri,
      ...(version === undefined ? {} : { version }),
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
