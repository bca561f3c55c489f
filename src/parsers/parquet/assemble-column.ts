import type { SchemaTree } from "hyparquet"
import { assembleLists, assembleNested } from "hyparquet/src/assemble.js"
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js"
import type { Column } from "../../model/column.ts"
import { columnOf } from "../../model/column-of.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import type { JsonValue } from "../../model/json-value.ts"
import type { PageSlice } from "./leaf-cells.ts"
import type { AssembledColumn, ParquetLeaf } from "./parquet-plan.ts"

/** A stored column and the entries of it that a batch takes. */
export interface LeafSlices {
  readonly leaf: ParquetLeaf
  readonly slices: readonly PageSlice[]
}

/** Puts lists, maps and structs together from their stored columns, and gives the table's columns that stand in them. */
export function assembleColumns(
  node: SchemaTree,
  leaves: readonly LeafSlices[],
  columns: readonly AssembledColumn[],
  rows: number,
): Column<unknown>[] {
  const stored = new Map<string, unknown[]>()
  for (const { leaf, slices } of leaves) stored.set(leaf.path.join("."), assembleLeaf(leaf, slices))
  assembleNested(stored, node, DEFAULT_PARSERS)
  const values = stored.get(node.path.join(".")) ?? []
  if (values.length !== rows) throw new Error(`a nested column has ${values.length} rows where ${rows} are`)
  return columns.map(({ path, leaf }) => {
    const cells = values.map((value) => at(value, path.slice(1)))
    return leaf === undefined ? new ValueColumn<JsonValue>(cells.map(plain), rows) : columnOf(cells, rows)
  })
}

function assembleLeaf({ nodes, type }: ParquetLeaf, slices: readonly PageSlice[]): unknown[] {
  const definitions: number[] = []
  const repetitions: number[] = []
  const values: unknown[] = []
  for (const { page, from, to, value } of slices) {
    const read = (stored: unknown) => (type.kind === "date" ? new Date(Number(type.read(stored))) : type.read(stored))
    let next = value
    for (let entry = from; entry < to; entry++) {
      const definition = page.definitions?.[entry] ?? page.maxDefinition
      definitions.push(definition)
      repetitions.push(page.repetitions?.[entry] ?? 0)
      if (definition !== page.maxDefinition) continue
      const position = next++
      values.push(read(page.dictionary === undefined ? page.values[position] : page.dictionary.stored[page.values[position]]))
    }
  }
  return Array.from(assembleLists([], definitions, repetitions, values, [...nodes]))
}

/** What stands at a path of keys in a struct. */
function at(value: unknown, path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== "object" || found === null) return null
    found = Object.hasOwn(found, key) ? Object.entries(found).find(([name]) => name === key)?.[1] : null
  }
  return found ?? null
}

/** A nested value as JSON: instants as ISO text, bytes as PostgreSQL writes them. */
function plain(value: unknown): JsonValue {
  if (value === null || value === undefined) return null
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
}
