/** The size of a batch that is being built. */
export interface BatchSize {
  readonly rows: number
  /** How many columns the table has. */
  readonly width: number
  /** How many columns have cells in the batch. */
  readonly filled: number
  readonly cells: number
}

/** The most places for cells, in columns that have any. A place takes memory and time, whether or not it has a cell. */
export const mostPlaces = 1 << 19
/** The most places for each cell, beyond `fewPlaces`. If every row fills different columns, places grow with the square of the cells. */
const placesPerCell = 4
const fewPlaces = 1 << 17
/** The most places including columns without cells. Those take no memory, but a row object has a property for each. */
const mostProperties = 1 << 24

/** Whether a batch may have this size. Its cost must depend on its cells, not on the number of columns in its table. */
export function hasRoom({ rows, width, filled, cells }: BatchSize): boolean {
  const places = rows * filled
  return places <= Math.min(mostPlaces, fewPlaces + cells * placesPerCell) && rows * width <= mostProperties
}

/** How many rows a new column may have room for. All columns together then have no more places than a batch may have. */
export function firstRows(width: number): number {
  return Math.floor(mostPlaces / Math.max(1, width))
}
