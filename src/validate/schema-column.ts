import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { Definition, Payload } from "./zod-definition.ts"

/** The kind that a schema declares for a column; `"any"` if it declares none that a cell can be read as. */
export type DeclaredKind = "text" | "number" | "date" | "boolean" | "any"

/** What a null cell becomes before the schema sees it. With `"schema"`, the schema fills it in from `undefined`. */
export type WhenMissing = "required" | "null" | "absent" | "schema"

/** One property of an object schema, as a column. */
export interface SchemaColumn {
  readonly name: string
  readonly kind: DeclaredKind
  readonly whenMissing: WhenMissing
  /** What zod checks of a cell with a value; undefined if `schema` does something else with it. */
  readonly leaf: Definition | undefined
  readonly schema: StandardSchemaV1
  /** What the schema gets for an empty cell: null, `undefined`, or a row without the key. */
  readonly blank: "null" | "undefined" | "absent"
  /** Whether the row has no key for an empty cell, whatever the property's own schema makes of `undefined`. */
  readonly leavesOut: boolean
  /** Whether an empty cell must not reach the schema, because a coercion would make 0 or 1970 of it. */
  readonly hidesNull: boolean
  /** Whether a function of the user sees an empty cell first, as `undefined`, so that it cannot make 0 or 1970 of it by accident. */
  readonly asksFunction: boolean
  /** Whether an empty cell is null if the schema refuses `blank`. */
  readonly orNull: boolean
  /** Whether the schema replaces invalid values. A cell that cannot be read is then empty. */
  readonly catches: boolean
  /** What the schema requires of the column. */
  readonly parameters: JsonValue
  readonly spec: ColumnSpec["kind"]
}

/** A check of an object as a whole, such as a refinement. */
export interface ObjectCheck {
  readonly def: { readonly when?: ((payload: Payload) => boolean) | undefined }
  check?(payload: Payload): unknown
}

/** One object of a union. */
export interface SchemaVariant {
  readonly schema: StandardSchemaV1
  readonly columns: readonly SchemaColumn[]
  readonly others: SchemaStructure["others"]
  /** The column that tells which object a row is, and its values for this one. */
  readonly chosenBy: { readonly column: string; readonly values: ReadonlySet<unknown> } | undefined
}

/** A union of objects. */
export interface SchemaUnion {
  readonly variants: readonly SchemaVariant[]
  /** The checks of rows that one of the objects accepts; undefined if such a row has to go through the whole schema. */
  readonly checks: readonly ObjectCheck[] | undefined
  /** Whether the union replaces rows that no object accepts. */
  readonly catches: boolean
}

/** What is known about a schema's structure. */
export interface SchemaStructure {
  /** Undefined if the structure cannot be read. */
  readonly columns: readonly SchemaColumn[] | undefined
  /** What happens to columns of the file that the schema does not name; `"schema"` if only the schema itself knows. */
  readonly others: "drop" | "keep" | "refuse" | "schema"
  /** Whether rows must go through the schema as a whole, because it checks across columns or cannot be read. */
  readonly whole: boolean
  /** If rows need not go through the schema: its checks of rows whose cells are valid. */
  readonly checks?: readonly ObjectCheck[] | undefined
  /** If the schema is a union of objects: how each of them reads a row. */
  readonly union?: SchemaUnion | undefined
  /** Whether the rows that the schema returns have other columns than those it takes. */
  readonly reshapes: boolean
  /** What the schema requires of a row as a whole; undefined if that is not known. */
  readonly parameters?: JsonValue | undefined
}
