import type { ColumnSpec } from "./column-spec.ts"

/** The least or the greatest value of a column. */
export interface GuideBound {
  /** The number, or the instant. */
  readonly value: number | Date
  /** Whether the value itself is refused. Default: false. */
  readonly exclusive?: boolean | undefined
}

/** What a person must know who fills in a column. `columnGuides` makes guides from a schema, `tableGuides` from a table of a database. */
export interface ColumnGuide {
  /** The name of the column. */
  readonly name: string
  /** The kind of its values. */
  readonly kind: ColumnSpec["kind"]
  /** Whether each row must have a value. */
  readonly required: boolean
  /** The only values that it takes, for a drop-down. Default: any. */
  readonly values?: readonly (string | number)[] | undefined
  /** The least number or date. */
  readonly minimum?: GuideBound | undefined
  /** The greatest number or date. */
  readonly maximum?: GuideBound | undefined
  /** The fewest characters of a text. */
  readonly minLength?: number | undefined
  /** The most characters of a text. */
  readonly maxLength?: number | undefined
  /** Digits after the point, for a decimal. */
  readonly scale?: number | undefined
  /** A value that it takes. */
  readonly example?: string | undefined
  /** What the column means, and rules that the other properties cannot say, each as a sentence. */
  readonly notes?: readonly string[] | undefined
}
