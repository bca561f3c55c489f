import { neutraliseFormulas } from "../cells/neutralise-formulas.ts"
import { columnOf } from "../model/column-of.ts"
import { reasonText } from "../model/reason-text.ts"
import { rejectsKind, type StoredReject, type StoredRejects } from "../model/stored-reject.ts"
import { TableBatch } from "../model/table-batch.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { flag, text } from "../options/option-kinds.ts"
import { csvFormat, delimiterKind } from "./csv-file.ts"
import { writeTable } from "./file-section.ts"
import { ndjsonFormat } from "./ndjson-file.ts"

/** Options of `rejectsCsv`. */
export interface RejectsCsvOptions {
  /** The text between the fields of a row. Default: `","`. */
  readonly delimiter?: string | undefined
  /**
   * Whether to put an apostrophe before texts that a spreadsheet would read as a formula; a replay removes it. Default: true. Set it to false if
   * a program reads the file.
   */
  readonly neutralise?: boolean | undefined
}

const batchRows = 1_000

/**
 * Writes rejects as csv, for you to correct and replay: the number of the reject, the columns of the file in their order, then the row's place
 * and why it was rejected. Returns the number of rows. The file appears under its name when it is complete. Fails with `SINK_REFUSED` if it
 * cannot be written, and with any error of reading the rejects.
 */
export async function rejectsCsv(path: string, rejects: StoredRejects, options: RejectsCsvOptions = {}): Promise<number> {
  checkArgument("rejectsCsv()", path, text("a path"))
  checkArgument("The rejects of rejectsCsv()", rejects, rejectsKind())
  checkOptions("rejectsCsv()", options, { delimiter: delimiterKind(), neutralise: flag() })
  const { neutralise = true } = options
  return write(path, csvFormat(options), rejects, (names, rows) => csvBatch(names, rows, neutralise))
}

/**
 * Writes rejects as lines of JSON with unchanged values: `_reject`, the columns of the file, then `_row`, `_line`, `_address`, `_reasons` (the
 * complete issues) and `_run`. Returns the number of rows. Fails like `rejectsCsv`.
 */
export async function rejectsNdjson(path: string, rejects: StoredRejects): Promise<number> {
  checkArgument("rejectsNdjson()", path, text("a path"))
  checkArgument("The rejects of rejectsNdjson()", rejects, rejectsKind())
  return write(path, ndjsonFormat, rejects, withIssues)
}

/** The lines that `rejectsNdjson` writes, in chunks of many lines. */
export async function* rejectLines(rejects: StoredRejects): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const batch of batchesOf(rejects, withIssues)) {
    const lines = Array.from(batch.selection, (row) => ndjsonFormat.row(batch, row))
    if (lines.length > 0) yield Buffer.from(lines.join(""))
  }
}

async function write(
  path: string,
  format: Parameters<typeof writeTable>[1],
  rejects: StoredRejects,
  batchOf: (names: readonly string[], rows: readonly StoredReject[]) => TableBatch<unknown>,
): Promise<number> {
  let written = 0
  await writeTable(
    path,
    format,
    (async function* () {
      for await (const batch of batchesOf(rejects, batchOf)) {
        yield batch
        written += batch.length
      }
    })(),
  )
  return written
}

async function* batchesOf(
  rejects: StoredRejects,
  batchOf: (names: readonly string[], rows: readonly StoredReject[]) => TableBatch<unknown>,
): AsyncGenerator<TableBatch<unknown>, void, undefined> {
  const names = await rejects.columns()
  let rows: StoredReject[] = []
  for await (const reject of rejects) {
    rows.push(reject)
    if (rows.length < batchRows) continue
    yield batchOf(names, rows)
    rows = []
  }
  // Without rejects, a file has only a header.
  yield batchOf(names, rows)
}

function withIssues(names: readonly string[], rows: readonly StoredReject[]): TableBatch<unknown> {
  return table(names, rows, ({ issues }) => issues)
}

function table(names: readonly string[], rows: readonly StoredReject[], reasons: (reject: StoredReject) => unknown): TableBatch<unknown> {
  const cells: readonly (readonly [string, (reject: StoredReject) => unknown])[] = [
    ["_reject", ({ number }) => number],
    ...names.map((name) => [name, ({ raw }: StoredReject) => (Object.hasOwn(raw, name) ? raw[name] : null)] as const),
    ["_row", ({ origin }) => origin.row],
    ["_line", ({ origin }) => origin.line],
    ["_address", ({ origin }) => origin.address],
    ["_reasons", reasons],
    ["_run", ({ delivery }) => delivery],
  ]
  const header = cells.map(([name]) => name)
  return TableBatch.of({
    length: rows.length,
    table: { name: "rejects", header },
    names: header,
    columns: cells.map(([, cell]) => columnOf(rows.map(cell))),
    origins: { at: (row) => rows[row]?.origin ?? { uri: "rejects", row: row + 1 } },
  })
}

/**
 * Marks a row with added apostrophes beside its number, so that a replay can remove them. If the marked row would be the header, every row is
 * marked.
 */
function csvBatch(names: readonly string[], rows: readonly StoredReject[], neutralise: boolean): TableBatch<unknown> {
  const plain = table(names, rows, ({ issues }) => issues.map(reasonText).join("; "))
  const safe = (text: string) => (neutralise ? neutraliseFormulas(text) : undefined)
  const isChanged = new Set<number>(plain.names.some((name) => safe(name) !== undefined) ? rows.keys() : [])
  const [number, ...columns] = plain.shape.columns.map((column) =>
    rows.map((_, row) => {
      const value = column.at(row)
      if (typeof value !== "string") return value
      // Half of a surrogate pair, which must be corrected anyway: no UTF-8 file can hold it.
      const text = Buffer.from(value).toString()
      const harmless = safe(text)
      if (harmless !== undefined) isChanged.add(row)
      return harmless ?? text
    }),
  )
  const marked = number?.map((value, row) => (isChanged.has(row) ? `${value}'` : value)) ?? []
  const header = plain.names.map((name) => safe(name) ?? name)
  return TableBatch.of({
    length: rows.length,
    table: { name: "rejects", header },
    names: header,
    columns: [marked, ...columns].map((values) => columnOf(values)),
    origins: plain.origins,
  })
}
