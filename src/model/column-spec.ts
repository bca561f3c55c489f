/** The type of a column. A sink that creates tables needs it. Plain JSON. */
export interface ColumnSpec {
  /** The name of the column. */
  readonly name: string
  /** The kind of its values. */
  readonly kind: "text" | "integer" | "number" | "decimal" | "date" | "timestamp" | "boolean" | "json"
  /** Whether a passing row may lack a value. */
  readonly nullable: boolean
  /** All digits, before and after the point, for `cell.decimal`. */
  readonly precision?: number
  /** Digits after the point, for `cell.decimal`. */
  readonly scale?: number
  /** Whether no contract declares it: it was inferred from the file. Default: false. */
  readonly inferred?: boolean
}
