import { setImmediate as nextTurn } from "node:timers/promises"
import type { LeafPage } from "./leaf-page.ts"
import type { PageReader } from "./page-reader.ts"
import { type PageSlice, sliceOf } from "./page-slice.ts"
import { ParquetFault } from "./parquet-fault.ts"

/** Entries of a repeated column that are read at a time. */
const entriesPerRead = 16_384
/** Pages that are read before other code gets a turn. */
const turnPages = 1024

/** Bounds on the entries of the rows that are read ahead. */
export interface AheadBounds {
  /** Most entries of all rows together. The first row may have more. */
  readonly most: number
  /** Called with the number of entries of the first row as it grows. It may throw. */
  readonly onFirstRow: (entries: number) => void
}

/** Reads a stored column of a row group, some rows at a time. */
export class LeafCursor {
  readonly #pages: PageReader
  /** The pages that were read ahead, and the next entry and value in the first of them. */
  #ahead: LeafPage[] = []
  #entry = 0
  #value = 0
  /** Pages that were read so far. */
  #opened = 0

  constructor(pages: PageReader) {
    this.#pages = pages
  }

  /** Reads the next rows of a column that has one entry for each row. */
  async take(rows: number): Promise<PageSlice[]> {
    this.#pages.releaseRead()
    const slices: PageSlice[] = []
    for (let left = rows; left > 0; ) {
      const page = await this.#next(left)
      if (page === undefined) throw new ParquetFault(`a column has ${left} rows less than its row group`)
      slices.push(sliceOf(page, 0, page.length, 0))
      left -= page.length
    }
    return slices
  }

  /**
   * Reads ahead in a column that may repeat within a row; each row begins with an entry of repetition level 0. Returns the number of complete rows:
   * `rows`, or fewer if the bounds or the end of the column stop it, but at least one.
   */
  async readAhead(rows: number, { most, onFirstRow }: AheadBounds): Promise<number> {
    if (this.#ahead.length <= 1) this.#pages.releaseRead()
    let whole = 0
    let begun = 0
    let entries = 0
    for (let at = 0; ; at++) {
      const page = this.#ahead[at] ?? (await this.#next(entriesPerRead))
      if (page === undefined) {
        if (begun === 0) throw new ParquetFault("a column has fewer rows than its row group")
        return entries <= most || begun === 1 ? begun : whole
      }
      if (at === this.#ahead.length) this.#ahead.push(page)
      const { repetitions, length } = page
      const from = at === 0 ? this.#entry : 0
      if (begun === 0 && (repetitions?.[from] ?? 0) > 0) throw new ParquetFault("a row begins within a list")
      for (let entry = from; entry < length; entry++) {
        if (repetitions !== undefined && repetitions[entry] !== 0) continue
        if (begun > 1 && entries + entry - from > most) return whole
        whole = begun
        if (whole === rows) return rows
        begun++
      }
      entries += length - from
      if (begun === 1) onFirstRow(entries)
      else if (entries > most && whole > 0) return whole
    }
  }

  /** Takes the next rows that were read ahead. */
  takeAhead(rows: number): PageSlice[] {
    const slices: PageSlice[] = []
    for (let begun = 0; ; ) {
      const [page] = this.#ahead
      if (page === undefined) return slices
      const { repetitions, length } = page
      let to = this.#entry
      for (; to < length; to++) if ((repetitions === undefined || repetitions[to] === 0) && begun++ === rows) break
      if (to > this.#entry) {
        const slice = sliceOf(page, this.#entry, to, this.#value)
        slices.push(slice)
        this.#value += slice.present
      }
      this.#entry = to
      if (to < page.length) return slices
      this.#ahead.shift()
      this.#entry = 0
      this.#value = 0
    }
  }

  /** Call this after the last row. Throws if the column has more entries, which would be lost. */
  async finish(): Promise<void> {
    if (this.#ahead.length > 0 || (await this.#next(1)) !== undefined) throw new ParquetFault("a column has more rows than its row group")
  }

  async #next(most: number): Promise<LeafPage | undefined> {
    for (;;) {
      // A hostile file may have any number of pages that are empty or have one row.
      if (++this.#opened % turnPages === 0) await nextTurn()
      const page = await this.#pages.next(most)
      if (page === undefined || page.length > 0) return page
    }
  }
}
