import { RowgateError } from "../../errors/rowgate-error.ts"
import type { OpenLedger } from "../../postgres/operations/open-ledger.ts"
import { identifier, quotedTable, type TableName } from "../../postgres/sql/quoted-names.ts"
import { didYouMean } from "../arguments.ts"
import type { Command } from "../command.ts"
import { exitCode } from "../exit-code.ts"
import { ledgerOptions, withLedger } from "../ledger-target.ts"
import { rowTableLines } from "../row-table.ts"
import { parseTable, tableText } from "../table-name.ts"
import { countOption } from "../table-options.ts"
import { usageError } from "../usage-error.ts"

const mostNamed = 20

/** `rowgate show TABLE` */
export const show: Command = {
  name: "show",
  operands: "[TABLE]",
  about: "Prints rows of a table in the database, or lists the tables.",
  options: {
    ...ledgerOptions,
    limit: { value: "N", about: "at most this many rows (default 20)" },
    json: { about: "print one line of JSON for each row; decimals are text, so that they stay exact" },
    csv: { about: "print csv; NULL is an empty field, and a blank text is a pair of quotes" },
  },
  examples: [
    ["show", "lists the tables"],
    ["show orders --limit 5", "prints five rows"],
    ["show orders --csv --limit 100000", "prints csv for another program"],
  ],
  async run(call) {
    const { args, io } = call
    const [name, ...others] = args.operands
    if (others.length > 0) throw usageError("show takes one table.", "show")
    if (args.flag("json") && args.flag("csv")) throw usageError("Use either --json or --csv.", "show")
    const most = countOption(args, "limit", "show") ?? 20
    await withLedger(call, "show", async (ledger) => {
      if (name === undefined) {
        const tables = await tablesOf(ledger)
        await io.stdout.lines(tables.length === 0 ? ["no tables"] : tables.map(tableText))
        return
      }
      const table = parseTable(name, "show")
      const columns = await columnsOf(ledger, table)
      if (columns === undefined) throw unknownTable(name, await tablesOf(ledger))
      if (args.flag("json")) {
        const rows = await rowsOf(ledger, jsonRows(table, columns), most)
        await io.stdout.ndjson(rows.map(({ row }) => String(row)))
        return
      }
      const rows = await rowsOf(ledger, textRows(table, columns), most + 1)
      const texts = rows.slice(0, most).map((row) => columns.map((_, at) => textOf(row[`c${at}`])))
      const names = columns.map((column) => column.name)
      if (args.flag("csv")) {
        await io.stdout.records([csvRecord(names), ...texts.map(csvRecord)])
        return
      }
      const more = rows.length > most ? ["There are more rows: raise --limit."] : []
      await io.stdout.lines([...rowTableLines({ names, rows: texts, width: io.stdout.width }), ...more])
    })
    return exitCode.ok
  },
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

/** As COPY writes it: NULL is nothing, and a blank text is a pair of quotes. */
function csvRecord(values: readonly (string | null)[]): string {
  return values
    .map((value) => (value === null ? "" : value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(",")
}

interface TableColumn {
  readonly name: string
  readonly type: string
}

type Rows = readonly { readonly [column: string]: unknown }[]

async function rowsOf(ledger: OpenLedger["pool"], sql: string, limit: number): Promise<Rows> {
  return await query(ledger, `${sql} LIMIT ${limit}`)
}

async function query(ledger: OpenLedger["pool"], sql: string, values: readonly unknown[] = []): Promise<Rows> {
  const connection = await ledger.connect()
  try {
    return (await connection.query(sql, [...values])).rows as Rows
  } finally {
    connection.release()
  }
}

/** In the order of the table. Undefined if there is no such table. */
async function columnsOf(ledger: OpenLedger["pool"], table: TableName): Promise<readonly TableColumn[] | undefined> {
  const rows = await query(
    ledger,
    `SELECT attname AS name, atttypid::regtype::text AS type FROM pg_attribute
      WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [quotedTable(table)],
  )
  return rows.length === 0 ? undefined : rows.map(({ name, type }) => ({ name: String(name), type: String(type) }))
}

async function tablesOf(ledger: OpenLedger["pool"]): Promise<readonly TableName[]> {
  const rows = await query(
    ledger,
    `SELECT nullif(schemaname, current_schema()) AS schema, tablename AS name FROM pg_tables
      WHERE schemaname NOT IN ('rowgate', 'pg_catalog', 'information_schema') ORDER BY 1 NULLS FIRST, 2`,
  )
  return rows.map(({ schema, name }) => ({ schema: schema === null ? undefined : String(schema), table: String(name) }))
}

/** As PostgreSQL writes the values. */
function textRows(table: TableName, columns: readonly TableColumn[]): string {
  return `SELECT ${columns.map(({ name }, at) => `${identifier(name)}::text AS c${at}`).join(", ")} FROM ${quotedTable(table)}`
}

function jsonRows(table: TableName, columns: readonly TableColumn[]): string {
  const list = columns.map(({ name, type }) => (type === "numeric" ? `${identifier(name)}::text` : identifier(name)))
  return `SELECT to_json(r)::text AS row FROM (SELECT ${list.join(", ")} FROM ${quotedTable(table)}) r`
}

function unknownTable(name: string, tables: readonly TableName[]): RowgateError {
  const named = tables.slice(0, mostNamed).map(tableText).join(", ")
  return new RowgateError({
    code: "TABLE_NOT_FOUND",
    message: `The database has no table ${name}.${didYouMean(name, tables.map(tableText))}`,
    remedy: named === "" ? "Load a file first, or name another database with --to." : `Name one of its tables: ${named}.`,
    origin: { table: name },
  })
}
