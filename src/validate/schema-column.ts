import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { CellTest } from "./kernels/cell-test.ts"

/** The kind that a schema declares for a column; `"any"` if it declares none that a cell can be read as. */
export type DeclaredKind = "text" | "number" | "date" | "boolean" | "any"

/** What a null cell becomes before the schema sees it. With `"schema"`, the schema fills it in from `undefined`. */
export type WhenMissing = "required" | "null" | "absent" | "schema"

/** One property of an object schema, as a column. */
export interface SchemaColumn {
  readonly name: string
  readonly kind: DeclaredKind
  readonly whenMissing: WhenMissing
  /** Kernels that find the cells that surely pass unchanged; undefined if each cell has to go through `schema`. */
  readonly tests: readonly CellTest[] | undefined
  readonly schema: StandardSchemaV1
  /** Whether the schema turns anything into a value, even null. */
  readonly coerces: boolean
  /** Whether the schema replaces invalid values. A cell that cannot be read is then empty. */
  readonly catches: boolean
  /** What the schema requires of the column. */
  readonly parameters: JsonValue
  readonly spec: ColumnSpec["kind"]
}

/** What is known about a schema's structure. */
export interface SchemaStructure {
  /** Undefined if the structure cannot be read. */
  readonly columns: readonly SchemaColumn[] | undefined
  /** What happens to columns of the file that the schema does not name; `"schema"` if only the schema itself knows. */
  readonly others: "drop" | "keep" | "refuse" | "schema"
  /** Whether rows must go through the schema as a whole, because it checks across columns or cannot be read. */
  readonly whole: boolean
  /** Whether the rows that the schema returns have other columns than those it takes. */
  readonly reshapes: boolean
  /** What the schema requires of a row as a whole; undefined if that is not known. */
  readonly parameters?: JsonValue | undefined
}
