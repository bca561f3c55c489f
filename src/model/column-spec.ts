/** What a column holds once it was read: what a sink that makes tables must know. Plain JSON. */
export interface ColumnSpec {
  /** The row's column. */
  readonly name: string
  /** What its values are. */
  readonly kind: "text" | "integer" | "number" | "decimal" | "date" | "timestamp" | "boolean" | "json"
  /** Whether a passing row may have no value. */
  readonly nullable: boolean
  /** Digits in all and after the point, for `decimal`. */
  readonly precision?: number
  /** Digits after the point, for `decimal`. */
  readonly scale?: number
}
