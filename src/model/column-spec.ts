/** What a column holds once it was read: what a sink that makes tables must know. Plain JSON. */
export interface ColumnSpec {
  readonly name: string
  readonly kind: "text" | "integer" | "number" | "decimal" | "date" | "timestamp" | "boolean" | "json"
  readonly nullable: boolean
  /** Digits in all and after the point, for `decimal`. */
  readonly precision?: number
  readonly scale?: number
}
