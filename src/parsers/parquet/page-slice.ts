import type { LeafPage } from "./leaf-page.ts"

/** Consecutive entries of a page. */
export interface PageSlice {
  readonly page: LeafPage
  /** The first entry, and the index after the last. */
  readonly from: number
  readonly to: number
  /** Position of the first value among the page's values, which do not include nulls. */
  readonly value: number
  /** Entries that are not null. */
  readonly present: number
}

export function sliceOf(page: LeafPage, from: number, to: number, value: number): PageSlice {
  const isWhole = from === 0 && to === page.length
  return { page, from, to, value, present: isWhole ? page.values.length : present(page, from, to) }
}

/** Cuts the rows from `from` to `to` out of slices. Only for columns with one entry for each row. */
export function cutSlices(slices: readonly PageSlice[], from: number, to: number): PageSlice[] {
  const cut: PageSlice[] = []
  let row = 0
  for (const slice of slices) {
    const first = Math.max(from - row, 0)
    const last = Math.min(to - row, slice.to - slice.from)
    row += slice.to - slice.from
    if (first >= last) continue
    const before = present(slice.page, slice.from, slice.from + first)
    cut.push(sliceOf(slice.page, slice.from + first, slice.from + last, slice.value + before))
  }
  return cut
}

function present({ definitions, maxDefinition }: LeafPage, from: number, to: number): number {
  if (definitions === undefined) return to - from
  let count = 0
  for (let entry = from; entry < to; entry++) if (definitions[entry] === maxDefinition) count++
  return count
}

/** Calls `each` for every value, with its row in the slices, its position among the page's values, and the page. */
export function visit(slices: readonly PageSlice[], each: (row: number, at: number, page: LeafPage) => void): void {
  let row = 0
  for (const { page, from, to, value } of slices) {
    const { definitions, maxDefinition } = page
    let at = value
    if (definitions === undefined) for (let entry = from; entry < to; entry++) each(row++, at++, page)
    else for (let entry = from; entry < to; entry++, row++) if (definitions[entry] === maxDefinition) each(row, at++, page)
  }
}
