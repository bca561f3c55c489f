/** What a sample of a column suggests. Plain JSON, to be looked at before it is trusted. */
export interface ProposedColumn {
  /** The column, as the file has it. */
  readonly name: string
  /** Text wherever a single cell is something else: an inferred kind never costs a row of the sample. */
  readonly kind: "text" | "integer" | "decimal" | "date" | "timestamp" | "boolean"
  /** Null cells of the sample. */
  readonly nulls: number
  /** No cell of the sample was null. */
  readonly filled: boolean
}

/** What a sample of a table suggests. */
export interface Proposal {
  /** The table that was looked at. */
  readonly table: string
  /** Rows looked at. */
  readonly rows: number
  /** A proposal for each column. */
  readonly columns: readonly ProposedColumn[]
}
