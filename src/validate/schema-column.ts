import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { CellTest } from "./kernels/cell-test.ts"

/** The kind that a schema states for a column; `"any"` where it states none that a cell can be read as. */
export type DeclaredKind = "text" | "number" | "date" | "boolean" | "any"

/** What a null cell becomes before the schema sees it: `"schema"` lets the schema fill it, from `undefined`. */
export type WhenMissing = "required" | "null" | "absent" | "schema"

/** One property of an object schema, as columns see it. */
export interface SchemaColumn {
  readonly name: string
  readonly kind: DeclaredKind
  readonly whenMissing: WhenMissing
  /** Kernels that say which cells surely pass unchanged; undefined where each cell has to go through `schema`. */
  readonly tests: readonly CellTest[] | undefined
  readonly schema: StandardSchemaV1
  /** Whether it makes a value of whatever it gets, null too. */
  readonly coerces: boolean
  /** Whether it replaces what it does not like: a cell that cannot be read is an empty one then. */
  readonly catches: boolean
  readonly spec: ColumnSpec["kind"]
}

/** What is known of a schema's structure. */
export interface SchemaStructure {
  /** Undefined where nothing can be read off the schema. */
  readonly columns: readonly SchemaColumn[] | undefined
  /** Columns of the file that the schema does not name: dropped, kept, or refused. */
  readonly others: "drop" | "keep" | "refuse"
  /** Whether rows have to go through the schema as a whole: it checks across columns, or cannot be read. */
  readonly whole: boolean
  /** Whether the rows that it gives have other columns than the ones that it takes. */
  readonly reshapes: boolean
}
