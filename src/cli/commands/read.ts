import { setImmediate as nextTurn } from "node:timers/promises"
import type { Source } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Batch } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import { rowJson } from "../../model/row-json.ts"
import { TableBatch } from "../../model/table-batch.ts"
import { autoParser } from "../../parsers/auto.ts"
import { listTables } from "../../pipeline/tables/list-tables.ts"
import { readTables, type Table } from "../../pipeline/tables/read-tables.ts"
import { rowsPerTurn } from "../../pipeline/tables/rows-in-turns.ts"
import type { Command } from "../command.ts"
import { csvFlags, csvOptions } from "../csv-options.ts"
import { doubtLines } from "../doubt-lines.ts"
import { type ExitCode, exitCode } from "../exit-code.ts"
import { InputFiles } from "../inputs/input-files.ts"
import type { Printer } from "../printer.ts"
import { headerOption } from "../table-options.ts"
import { usageError } from "../usage-error.ts"
import { workbookFlags } from "../workbook-flags.ts"

/** `rowgate read FILE` */
export const read: Command = {
  name: "read",
  operands: "FILE",
  about: "Prints the cells of a file as ndjson, with the types of the file: one line for each row, with its table and row number.",
  notes: ["It checks nothing. If a cell cannot be read, its row has `issues`."],
  options: {
    sheet: { value: "SHEET", about: "the sheet, by name or by number from 1 (default: the first visible one)" },
    all: { about: "all sheets, including hidden ones, all files of a zip, and all tables of each" },
    list: { about: "list the tables of the file, with the range that a sheet states, without reading the cells" },
    path: { value: "POINTER", about: "the array of rows in a JSON document, such as /data/items (default: the only one)" },
    header: { value: "ROW", about: "the row of the header, counted from 1 (default: detected)" },
    "no-header": { about: "the file has no header" },
    ...csvFlags,
    ...workbookFlags,
  },
  examples: [
    ["read orders.csv", "prints each row as one line of JSON"],
    ["read book.xlsx --list", "lists the sheets"],
    ["read book.xlsx --sheet 2", "prints the second sheet"],
  ],
  async run({ args, io, signal }) {
    await using inputs = await InputFiles.of(args.operands, io, "read", signal)
    const [file, ...more] = inputs.files
    if (file === undefined || more.length > 0) throw usageError("read takes one file.", "read")
    if (args.flag("all") && args.text("sheet") !== undefined) throw usageError("Use either --all or --sheet.", "read")
    if (args.flag("list")) return await printList(io.stdout, file.source, signal)
    const sheet = args.text("sheet")
    const path = args.text("path")
    if (path !== undefined && sheet !== undefined) throw usageError("Use either --path or --sheet.", "read")
    const header = headerOption(args, "read")
    const tables = args.flag("all") ? "all" : "first"
    const csv = { ...csvOptions(args, "read"), header, tables } as const
    const merged = args.oneOf("merged", ["first", "fill"])
    const hiddenRows = args.oneOf("hidden-rows", ["read", "skip"])
    const formats = { csv, json: { path, header }, ndjson: { header }, xlsx: { header, tables, merged, hiddenRows } } as const
    // Without --all or --sheet, the sheet is the one that would be loaded.
    const isDefault = !args.flag("all") && sheet === undefined
    const options = isDefault ? { parser: autoParser(formats), signal } : { sheet, header, formats, signal }
    const format = sheet !== undefined ? "xlsx" : path !== undefined ? "json" : undefined
    const isAsked = args.flag("all") || format !== undefined
    const passed: Table[] = []
    let printed = 0
    for await (const table of readTables(file.source, options)) {
      const isMeant = isAsked ? format === undefined || table.facts?.["format"] === format : !table.hidden
      if (!isMeant) {
        passed.push(table)
        continue
      }
      printed++
      for await (const batch of table.batches()) if (!(await printBatch(io.stdout, batch))) return exitCode.ok
      const doubts = doubtLines(table.facts)
      if (doubts.length > 0) await io.stderr.lines(doubts.map((line) => `${table.name}: ${line}`))
      if (!isAsked) break
    }
    if (printed === 0) refuseNothing(passed, format === "json" ? "--path needs a JSON document" : "--sheet needs a workbook")
    return exitCode.ok
  },
}

/** Explains why a file with tables printed nothing. */
function refuseNothing([first, ...others]: readonly Table[], needs: string): void {
  if (first === undefined) return
  const named = `${first.name}${others.length === 0 ? "" : ` and ${others.length} more`}`
  throw new RowgateError({
    code: "TABLE_NOT_FOUND",
    message: first.hidden ? `All sheets are hidden: ${named}.` : `${needs}, but the file has only ${named}.`,
    remedy: first.hidden ? "Read them with --all, or one of them with --sheet." : `Leave out ${needs.split(" ", 1)[0]}.`,
    origin: { uri: first.uri },
  })
}

async function printList(stdout: Printer, source: Source, signal: AbortSignal): Promise<ExitCode> {
  for await (const { uri, name, format, sheet, hidden, range } of listTables(source, { signal })) {
    const place = sheet === undefined ? {} : { sheet, hidden, ...(range === undefined ? {} : { range }) }
    if (!(await stdout.json({ table: name, format, ...place, uri }))) break
  }
  return exitCode.ok
}

/** Resolves with false if nobody reads any more. */
async function printBatch(stdout: Printer, given: Batch<Row>): Promise<boolean> {
  const batch = TableBatch.from(given)
  const atOnce = rowsPerTurn(batch.names.length)
  for (let from = 0; from < batch.length; from += atOnce) {
    const rows = Array.from({ length: Math.min(atOnce, batch.length - from) }, (_, at) => printedRow(batch, from + at))
    if (!(await stdout.ndjson(rows))) return false
    await nextTurn()
  }
  return true
}

function printedRow(batch: TableBatch, at: number): string {
  const { row } = batch.origin(at)
  const issues = batch.issues.of(at).map(({ code, message, column }) => ({ code, message, ...(column === undefined ? {} : { column }) }))
  const unread = batch.unread?.get(at)
  const cells = unread === undefined ? rowJson(batch.shape, at) : JSON.stringify({ _raw: unread })
  const found = issues.length === 0 ? "" : `,"issues":${JSON.stringify(issues)}`
  return `{"table":${JSON.stringify(batch.table.name)},"row":${row},"cells":${cells}${found}}`
}
