import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Column } from "../../model/column.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import { DictionaryColumn } from "../../model/columns/dictionary-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { ValueColumn } from "../../model/columns/value-column.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { storableText } from "../encode/storable-text.ts"
import { identifier } from "../sql/quoted-names.ts"
import { databaseColumn, lineageColumns, type NamingOptions } from "./column-names.ts"
import type { TargetColumn, TargetTable } from "./target-table.ts"
import { columnList, renamedText, unfilledColumns } from "./unfilled-columns.ts"

/** What a load writes besides the columns of the rows. */
export interface LayoutOptions extends NamingOptions {
  readonly quality?: string | undefined
  readonly lineage?: boolean | undefined
  /** Database column of the file's sequence. */
  readonly sequence?: string | undefined
  /** The sequence of the file. */
  readonly fileSequence?: number | undefined
  /** Columns that the load fills itself. */
  readonly filled?: readonly string[] | undefined
  /** Columns of the rows from `guessedTexts`. */
  readonly guessed?: ReadonlySet<string> | undefined
}

/** A column of the target and the source of its values. */
export interface Placement {
  readonly target: TargetColumn
  /** The column's name in the rows, for messages and rejects. */
  readonly source: string
  readonly columnOf: (batch: TableBatch<unknown>, runId: string) => Column<unknown>
}

/** The columns that are text because nothing proved what they are. What their texts mean as numbers is open. */
export function guessedTexts(columns: readonly ColumnSpec[]): ReadonlySet<string> {
  return new Set(columns.filter(({ kind, inferred }) => kind === "text" && inferred === true).map(({ name }) => name))
}

/** Assigns the columns of the rows to the columns of the table. Throws `SINK_SCHEMA_MISMATCH` if they do not fit. */
export function layout(table: TargetTable, names: readonly string[], options: LayoutOptions): readonly Placement[] {
  const placed: Placement[] = []
  const missing: string[] = []
  const place = (source: string, name: string, columnOf: Placement["columnOf"]) => {
    const target = table.columns.get(name)
    if (target === undefined) missing.push(name)
    else placed.push({ target: options.guessed?.has(source) === true ? asGuessed(target) : target, source, columnOf })
  }
  for (const name of names)
    place(name, databaseColumn(name, options, table), (batch) => batch.column(name) ?? new ValueColumn<unknown>([], batch.length))
  if (options.quality !== undefined) place(options.quality, options.quality, (batch) => qualityColumn(batch))
  if (options.sequence !== undefined)
    place(options.sequence, options.sequence, (batch) => sequenceColumn(options.fileSequence, batch.length))
  if (options.lineage === true) for (const { name } of lineageColumns) place(name, name, lineage[name])
  refuseMissing(table, missing, new Set(placed.map(({ target }) => target.name)))
  if (placed.length === 0) throw noColumns(table)
  refuseDuplicates(
    table,
    placed.map(({ target, source }) => ({ name: target.name, source })),
  )
  refuseGenerated(table, placed)
  refuseUnfilled(table, [...placed.map(({ target }) => target.name), ...(options.filled ?? [])])
  return placed
}

function asGuessed(target: TargetColumn): TargetColumn {
  return { ...target, format: { ...target.format, guessed: true } }
}

/** The table with its column list, for COPY and INSERT. */
export function intoSql(table: string, placed: readonly Placement[]): string {
  return `${table} (${placed.map(({ target }) => identifier(target.name)).join(", ")})`
}

const lineage: { readonly [name in (typeof lineageColumns)[number]["name"]]: Placement["columnOf"] } = {
  _run_id: (batch, runId) => constantColumn(runId, batch.length),
  _file: (batch) => constantColumn(batch.length === 0 ? "" : storableText(batch.origin(0).uri), batch.length),
  _row: (batch) =>
    new NumberColumn(
      Float64Array.from({ length: batch.length }, (_, row) => batch.origin(row).row),
      batch.length,
    ),
}

function constantColumn(value: string, length: number): Column<string> {
  return new DictionaryColumn(new Uint32Array(length), [value], length)
}

function sequenceColumn(sequence: number | undefined, length: number): Column<unknown> {
  if (sequence === undefined) return new ValueColumn<unknown>(new Array(length), length)
  return new NumberColumn(new Float64Array(length).fill(sequence), length)
}

function qualityColumn({ quality, length }: TableBatch<unknown>): Column<unknown> {
  return quality === undefined ? new ValueColumn<unknown>(new Array(length), length) : new NumberColumn(quality, length)
}

function refuseMissing(target: TargetTable, missing: readonly string[], filled: ReadonlySet<string>): void {
  if (missing.length === 0) return
  const { schema, table, columns } = target
  const unfilled = unfilledColumns(target, filled)
  const nothing = unfilled.length === 0 ? "" : ` The rows have nothing for ${columnList(unfilled)}.${renamedText(unfilled, missing)}`
  throw new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `${schema}.${table} has no ${plural("column", missing.length)} ${columnList(missing)}. Its columns are ${columnList([...columns.keys()])}.${nothing}`,
    remedy: "Add the columns to the table, or set `columns` or `naming` to their names in the table.",
    origin: { table, column: missing[0] },
  })
}

function noColumns({ schema, table }: TargetTable): RowgateError {
  return new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `The rows have no column to write into ${schema}.${table}.`,
    remedy: "Add a column to the rows, or set `lineage: true`.",
    origin: { table },
  })
}

/** Two columns of a row cannot go into the same database column. */
export function refuseDuplicates(
  { schema, table }: Pick<TargetTable, "schema" | "table">,
  columns: readonly { readonly name: string; readonly source: string }[],
): void {
  const seen = new Map<string, string>()
  for (const { name, source } of columns) {
    const other = seen.get(name)
    if (other !== undefined)
      throw new RowgateError({
        code: "SINK_SCHEMA_MISMATCH",
        message: `${other} and ${source} both go into the column ${name} of ${schema}.${table}.`,
        remedy: "Set another database column for one of them in `columns`.",
        origin: { table, column: name },
      })
    seen.set(name, source)
  }
}

function refuseGenerated({ schema, table }: TargetTable, placed: readonly Placement[]): void {
  const computed = placed.find(({ target }) => target.generated)
  if (computed === undefined) return
  throw new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `The database computes the column ${computed.target.name} of ${schema}.${table}, so rows cannot have a value for it.`,
    remedy: "Remove the column from the rows.",
    origin: { table, column: computed.target.name },
  })
}

function refuseUnfilled({ schema, table, columns }: TargetTable, names: readonly string[]): void {
  const filled = new Set(names)
  const unfilled = [...columns.values()].filter(({ name, notNull, hasDefault, generated }) => {
    return notNull && !hasDefault && !generated && !filled.has(name)
  })
  if (unfilled.length === 0) return
  throw new RowgateError({
    code: "SINK_SCHEMA_MISMATCH",
    message: `${schema}.${table} requires ${unfilled.map(({ name }) => name).join(", ")}, but the rows do not have it.`,
    remedy: "Add the columns to the rows, or give them a default in the table.",
    origin: { table, column: unfilled[0]?.name },
  })
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`
}
