import type { Column } from "../model/column.ts"
import { columnOf } from "../model/column-of.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { TableBatch } from "../model/table-batch.ts"
import type { ContractRow } from "./sink-contract-options.ts"

/** The table of most cases, with one column of each kind that any target supports. */
export const contractColumns: readonly ColumnSpec[] = [
  { name: "id", kind: "integer", nullable: false },
  { name: "name", kind: "text", nullable: true },
  { name: "amount", kind: "decimal", nullable: true, precision: 12, scale: 2 },
  { name: "ratio", kind: "number", nullable: true },
  { name: "active", kind: "boolean", nullable: true },
  { name: "seen", kind: "timestamp", nullable: true },
]

/** Rows with consecutive ids. Every fifth has nulls. */
export function contractRows(count: number, first = 1): readonly ContractRow[] {
  return Array.from({ length: count }, (_, index) => {
    const id = first + index
    if (id % 5 === 0) return { id, name: null, amount: null, ratio: null, active: null, seen: null }
    const seen = new Date(Date.UTC(2026, 0, 1) + id * 61_001)
    return { id, name: `row ${id}`, amount: `${id}.25`, ratio: id / 8, active: id % 2 === 0, seen }
  })
}

/** A batch of rows, as a parser returns it. */
export function contractBatch(columns: readonly ColumnSpec[], rows: readonly ContractRow[], first = 1): TableBatch<ContractRow> {
  const cells = columns.map(({ name }) => columnOf(rows.map((row) => row[name])))
  return batchOfColumns(columns, cells, rows.length, first)
}

/** A batch in borrowed buffers. `spoil` reuses them, as their owner may. */
export function lentBatch(
  rows: readonly { readonly id: number; readonly name: string }[],
  first: number,
): { readonly batch: TableBatch<ContractRow>; spoil(): void } {
  const ids = Float64Array.from(rows, ({ id }) => id)
  const bytes = Buffer.from(rows.map(({ name }) => name).join(""))
  const starts = new Uint32Array(rows.length)
  const ends = new Uint32Array(rows.length)
  let end = 0
  rows.forEach(({ name }, row) => {
    starts[row] = end
    end += Buffer.byteLength(name)
    ends[row] = end
  })
  const cells = [new NumberColumn(ids, rows.length), new BytesColumn(bytes, starts, ends, rows.length)]
  return {
    batch: batchOfColumns(contractColumns.slice(0, 2), cells, rows.length, first),
    spoil() {
      ids.fill(-1)
      bytes.fill("#")
      starts.fill(0)
      ends.fill(1)
    },
  }
}

/** A row as it was read, with its values converted to the kinds of their columns. */
export function readRow(columns: readonly ColumnSpec[], row: object): ContractRow {
  const given = new Map<string, unknown>(Object.entries(row))
  return Object.fromEntries(columns.map(({ name, kind }) => [name, readValue(kind, given.get(name))]))
}

function readValue(kind: ColumnSpec["kind"], value: unknown): ContractRow[string] {
  if (value === null || value === undefined) return null
  if (kind === "integer" || kind === "number") return Number(value)
  if (kind === "boolean") return /^(t|true|1)$/i.test(String(value))
  if (kind === "date" || kind === "timestamp") return value instanceof Date ? value : new Date(String(value))
  return String(value)
}

function batchOfColumns(
  columns: readonly ColumnSpec[],
  cells: readonly Column<unknown>[],
  length: number,
  first: number,
): TableBatch<ContractRow> {
  const names = columns.map(({ name }) => name)
  const uri = "contract:rows"
  const origins = { at: (row: number) => ({ uri, row: first + row }) }
  return TableBatch.of<ContractRow>({ length, table: { name: "rows", header: names }, names, columns: cells, origins })
}
