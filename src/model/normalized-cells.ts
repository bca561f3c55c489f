/** A cell that normalizing changed. */
export interface NormalizedCell {
  /** The position in the file, as in the origin of a reject. */
  readonly row: number
  /** The line on which the record begins, for text formats. */
  readonly line?: number
  /** The A1 address of the first cell of the row, for workbooks. */
  readonly address?: string
  /** The text of the cell in the file, cut if it is long. */
  readonly before: string
  /** The text of its value; null if the cell has no value. */
  readonly after: string | null
}

/** What normalizing changed in one column. */
export interface NormalizedColumn {
  /** How many cells have another text than their value: `" Ann "` for `Ann`, `1.234,50` for `1234.50`, `N/A` for null. */
  readonly cells: number
  /** With `explain`, up to three of them with different texts. None if a sink redacts the column. */
  readonly examples: readonly NormalizedCell[]
}

/** What normalizing changed in the cells that it could read. Blank cells do not count. */
export interface NormalizedCells {
  /** How many rows were examined: the first ones of the file, or of each of its parts; all rows with `explain`. */
  readonly examined: number
  /** The columns with changed cells. */
  readonly columns: { readonly [column: string]: NormalizedColumn }
}

/** More examples of a column show nothing new. */
export const mostExamples = 3

/** The counts alone: examples hold cells of the file, which must not be kept with a report. */
export function withoutExamples({ examined, columns }: NormalizedCells): NormalizedCells {
  return { examined, columns: Object.fromEntries(Object.entries(columns).map(([name, { cells }]) => [name, { cells, examples: [] }])) }
}

/** Nothing examined. */
export const noNormalizedCells: NormalizedCells = { examined: 0, columns: {} }

/** The sum of two counts, for rows that follow each other in the file. */
export function addNormalized(one: NormalizedCells, other: NormalizedCells): NormalizedCells {
  const columns = new Map(Object.entries(one.columns))
  for (const [name, { cells, examples }] of Object.entries(other.columns)) {
    const known = columns.get(name) ?? { cells: 0, examples: [] }
    const joined = [...known.examples]
    for (const example of examples) addExample(joined, example)
    columns.set(name, { cells: known.cells + cells, examples: joined })
  }
  return { examined: one.examined + other.examined, columns: Object.fromEntries(columns) }
}

/** Adds an example, unless it shows nothing new. */
export function addExample(examples: NormalizedCell[], example: NormalizedCell): void {
  if (examples.length < mostExamples && !examples.some(({ before }) => before === example.before)) examples.push(example)
}
