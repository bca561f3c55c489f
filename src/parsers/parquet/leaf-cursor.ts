import { setImmediate as nextTurn } from "node:timers/promises"
import type { LeafPage } from "./leaf-page.ts"
import type { PageReader } from "./page-reader.ts"
import { type PageSlice, sliceOf } from "./page-slice.ts"
import { ParquetFault } from "./parquet-fault.ts"

/** Entries of a column that repeats that are read at a time. */
const stretch = 16_384

/** How many entries the rows may have that are read ahead. */
export interface AheadBounds {
  /** Of all the rows, unless the first one has more. */
  readonly most: number
  /** Called with the entries of the first row, again and again while it goes on; may throw. */
  readonly onFirstRow: (entries: number) => void
}

/** A column on the way through a row group, some rows at a time. */
export class LeafCursor {
  readonly #pages: PageReader
  /** What was read ahead, and the next entry and value of the first of it. */
  #ahead: LeafPage[] = []
  #entry = 0
  #value = 0

  constructor(pages: PageReader) {
    this.#pages = pages
  }

  /** The next rows of a column that has one entry a row. */
  async take(rows: number): Promise<PageSlice[]> {
    this.#pages.letGo()
    const slices: PageSlice[] = []
    for (let left = rows; left > 0; ) {
      const page = await this.#next(left)
      if (page === undefined) throw new ParquetFault(`a column ends ${left} rows before its row group`)
      slices.push(sliceOf(page, 0, page.length, 0))
      left -= page.length
    }
    return slices
  }

  /**
   * Reads ahead of a column that may repeat within a row, where each row begins with an entry of repetition level 0. Gives how many whole rows are
   * there: as many as asked for, or as the bounds let through, and one at least.
   */
  async readAhead(rows: number, { most, onFirstRow }: AheadBounds): Promise<number> {
    if (this.#ahead.length <= 1) this.#pages.letGo()
    let whole = 0
    let begun = 0
    let entries = 0
    for (let at = 0; ; at++) {
      const page = this.#ahead[at] ?? (await this.#next(stretch))
      if (page === undefined) {
        if (begun === 0) throw new ParquetFault("a column ends before its row group")
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

  /** The next rows of those that were read ahead. */
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

  /** To be called behind the last row: what stands there still would be lost. */
  async finish(): Promise<void> {
    if (this.#ahead.length > 0 || (await this.#next(1)) !== undefined)
      throw new ParquetFault("a column goes on behind the last row of its row group")
  }

  async #next(most: number): Promise<LeafPage | undefined> {
    for (let passed = 1; ; passed++) {
      // Pages may be empty, and there may be any number of them.
      if (passed % 1024 === 0) await nextTurn()
      const page = await this.#pages.next(most)
      if (page === undefined || page.length > 0) return page
    }
  }
}
