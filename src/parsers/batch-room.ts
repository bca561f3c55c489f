/** What a batch would hold. */
export interface BatchSize {
  readonly rows: number
  /** Columns of the table. */
  readonly width: number
  /** Columns that have cells in the batch. */
  readonly filled: number
  readonly cells: number
}

/** Most places for cells in the columns that have any: each takes memory, and time, whether it has a cell or not. */
export const mostPlaces = 1 << 19
/** Places for each cell, above a number that is always fine: where rows fill other columns each, places grow by the square of cells. */
const placesPerCell = 4
const fewPlaces = 1 << 17
/** Most places with those of columns without cells: they take no memory, and a row object has them all. */
const mostProperties = 1 << 24

/** Whether a batch may be that large. What it costs follows from its cells, and not from the columns that its table has. */
export function hasRoom({ rows, width, filled, cells }: BatchSize): boolean {
  const places = rows * filled
  return places <= Math.min(mostPlaces, fewPlaces + cells * placesPerCell) && rows * width <= mostProperties
}

/** Rows for which a column may have room before it has cells of them: all columns together have no more places then than a batch may have. */
export function firstRows(width: number): number {
  return Math.floor(mostPlaces / Math.max(1, width))
}
