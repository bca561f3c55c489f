/** Cells of a column that have something in common. */
export interface CountedCells {
  count: number
  /** The address of the first one. */
  readonly first: string
}

/** How many cells there are, and where the first one is. */
export function cellsText({ count, first }: CountedCells): string {
  return count === 1 ? `1 cell: ${first}` : `${count.toLocaleString("en-US")} cells from ${first} on`
}
