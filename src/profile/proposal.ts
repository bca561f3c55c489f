/** What a sample of a column suggests. It is plain JSON, for you to review before you use it. */
export interface ProposedColumn {
  /** The name of the column in the file. */
  readonly name: string
  /** The kind of all cells in the sample. A single cell of another kind makes it text, so the proposal never costs a row of the sample. */
  readonly kind: "text" | "integer" | "decimal" | "date" | "timestamp" | "boolean"
  /** How many cells of the sample are null. */
  readonly nulls: number
  /** Whether no cell of the sample is null. */
  readonly filled: boolean
}

/** What a sample of a table suggests. */
export interface Proposal {
  /** The name of the table. */
  readonly table: string
  /** How many rows the sample has. */
  readonly rows: number
  /** One proposal for each column. */
  readonly columns: readonly ProposedColumn[]
}
