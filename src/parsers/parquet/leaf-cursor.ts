import { setImmediate as nextTurn } from "node:timers/promises"
import type { PageSlice } from "./leaf-cells.ts"
import type { LeafPage } from "./leaf-page.ts"
import type { PageReader } from "./page-reader.ts"

/** A column on the way through a row group, some rows at a time. */
export class LeafCursor {
  readonly #pages: PageReader
  #page: LeafPage | undefined
  /** Next entry of the page, and next value of it. */
  #entry = 0
  #value = 0

  constructor(pages: PageReader) {
    this.#pages = pages
  }

  /** The next rows of a column that has one entry a row. */
  async take(rows: number): Promise<PageSlice[]> {
    const slices: PageSlice[] = []
    for (let left = rows; left > 0; ) {
      const page = await this.#current()
      if (page === undefined) throw new Error(`a column ends ${left} rows before its row group`)
      const to = Math.min(page.length, this.#entry + left)
      left -= to - this.#entry
      slices.push(this.#slice(page, to))
    }
    return slices
  }

  /**
   * The next rows of a column that may repeat within a row: each begins with an entry of repetition level 0. `refuse` is called with the
   * number of entries where that passes the limit.
   */
  async takeRecords(rows: number, maxEntries: number, refuse: (entries: number) => never): Promise<PageSlice[]> {
    const slices: PageSlice[] = []
    let begun = 0
    let entries = 0
    for (;;) {
      const page = await this.#current()
      if (page === undefined) {
        if (begun < rows) throw new Error(`a column ends ${rows - begun} rows before its row group`)
        return slices
      }
      let to = this.#entry
      for (; to < page.length; to++) if ((page.repetitions?.[to] ?? 0) === 0 && begun++ === rows) break
      const isWhole = to < page.length
      entries += to - this.#entry
      if (entries > maxEntries) refuse(entries)
      if (to > this.#entry) slices.push(this.#slice(page, to))
      if (isWhole) return slices
    }
  }

  /** To be called behind the last row: what stands there still would be lost. */
  async finish(): Promise<void> {
    if ((await this.#current()) !== undefined) throw new Error("a column goes on behind the last row of its row group")
  }

  async #current(): Promise<LeafPage | undefined> {
    for (let passed = 1; this.#page === undefined || this.#entry === this.#page.length; passed++) {
      // Pages may be empty, and there may be any number of them.
      if (passed % 1024 === 0) await nextTurn()
      this.#page = await this.#pages.next()
      this.#entry = 0
      this.#value = 0
      if (this.#page === undefined) return undefined
    }
    return this.#page
  }

  #slice(page: LeafPage, to: number): PageSlice {
    const slice = { page, from: this.#entry, to, value: this.#value }
    this.#value += present(page, this.#entry, to)
    this.#entry = to
    return slice
  }
}

/** Entries that are not null. */
function present(page: LeafPage, from: number, to: number): number {
  const { definitions, maxDefinition } = page
  if (definitions === undefined) return to - from
  let count = 0
  for (let entry = from; entry < to; entry++) if (definitions[entry] === maxDefinition) count++
  return count
}
