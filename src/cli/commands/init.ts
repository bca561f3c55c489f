import { access, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { basename, join, resolve } from "node:path"
import { counted } from "../../errors/counted.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { type Command, quietOption } from "../command.ts"
import { type ContractParts, contractSource } from "../contract/contract-source.ts"
import { observeFile, type ReadingOptions } from "../contract/observe-file.ts"
import { literal, rowList } from "../contract/source-text.ts"
import { exitCode } from "../exit-code.ts"
import { tableOfFile } from "../file-table.ts"
import { configNames } from "../ingest-settings.ts"
import { headerOption } from "../table-options.ts"
import { usageError } from "../usage-error.ts"
import { visibleText } from "../visible-text.ts"

/** `rowgate init FILE` */
export const init: Command = {
  name: "init",
  operands: "FILE",
  about: "Writes a contract for files like this one: a schema, normalizers and checks, each with its evidence.",
  notes: [
    "It writes rowgate.config.ts, which `rowgate ingest` uses; rowgate.config.mjs if this version of Node does not run TypeScript and jiti is not installed.",
    "Review the contract before you rely on it. Rules with thin evidence are comments.",
  ],
  options: {
    out: { value: "FILE", about: "the file to write (default: rowgate.config.ts or .mjs)" },
    force: { about: "replace the file if it exists" },
    table: { value: "TABLE", about: "the table that rows go into (default: named after the file)" },
    sheet: { value: "SHEET", about: "the sheet, by name or by number from 1 (default: the first visible one)" },
    path: { value: "POINTER", about: "the array of rows in a JSON document, such as /data/items (default: the only one)" },
    header: { value: "ROW", about: "the row of the header, counted from 1 (default: detected)" },
    "no-header": { about: "the file has no header" },
    ...quietOption,
  },
  examples: [
    ["init orders.csv", "writes rowgate.config.ts, which `rowgate ingest` then uses"],
    ["init orders.csv --out orders.config.ts", "writes another file, for `ingest --config orders.config.ts`"],
  ],
  async run({ args, io, signal, program }) {
    const [given, ...more] = args.operands
    if (given === undefined || more.length > 0) throw usageError("init takes one file.", "init")
    const path = resolve(io.cwd, given)
    const out = resolve(io.cwd, args.text("out") ?? `rowgate.config.${runsTypescript() ? "ts" : "mjs"}`)
    const isForced = args.flag("force")
    if (!isForced) await requireNone(args.text("out") === undefined ? configNames.map((name) => join(io.cwd, name)) : [out])
    const reading = { sheet: args.text("sheet"), path: args.text("path"), header: headerOption(args, "init") }
    const { format, ...found } = await observeFile(path, reading, signal)
    if (found.columns.length === 0) throw nothingThere(path)
    const table = args.text("table") ?? feedTable(path)
    const source = contractSource({ ...found, file: basename(path), table, parser: parserOf(format, reading) })
    await writeFile(out, source, { flag: isForced ? "w" : "wx" })
    await io.stdout.notes(summaryOf(found, out, given, program))
    return exitCode.ok
  },
}

/** The table of a feed, whose files differ in their numbers: `orders-2025-06.csv` and `orders-2025-07.csv` go into `orders`. */
function feedTable(path: string): string {
  const name = tableOfFile(path)
  return name.replace(/(_\d{1,9}){1,9}$/, "") || name
}

/** Whether `loadModule` can load a `.ts` file: this version of Node does, or jiti is installed beside rowgate. */
function runsTypescript(): boolean {
  if ("typescript" in process.features && process.features.typescript) return true
  try {
    createRequire(import.meta.url).resolve("jiti")
    return true
  } catch {
    return false
  }
}

async function requireNone(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) throw usageError(`${visibleText(path, 200)} exists. Use --force to replace it, or --out to write another file.`, "init")
  }
}

function nothingThere(path: string): RowgateError {
  return new RowgateError({
    code: "TABLE_NOT_FOUND",
    message: "The file has no columns to propose a contract for.",
    remedy: "Name a file with a header and rows.",
    origin: { uri: path },
  })
}

/** The parser with the options that were given. Without any, the format and the header are detected in each file. */
function parserOf(format: string | undefined, { sheet, path, header }: ReadingOptions): ContractParts["parser"] {
  const options = [
    ...(sheet === undefined || format !== "xlsx" ? [] : [`sheet: ${literal(sheet)}`]),
    ...(path === undefined || format !== "json" ? [] : [`path: ${literal(path)}`]),
    ...(header === undefined ? [] : [`header: ${header}`]),
  ]
  if (options.length === 0) return undefined
  const name = format === "xlsx" || format === "json" || format === "ndjson" ? format : "csv"
  return { name, from: name === "xlsx" ? "rowgate/xlsx" : "rowgate", call: `${name}({ ${options.join(", ")} })` }
}

function summaryOf(
  { columns, observed, rules }: Pick<ContractParts, "columns" | "observed" | "rules">,
  out: string,
  file: string,
  program: string,
): readonly string[] {
  const isFirm = ({ thin }: { readonly thin?: string | undefined }) => thin === undefined
  const rejected = observed.unread.map(({ column, message, count, rows }) => {
    return `  ${rowList(rows, count)}${column === undefined ? "" : `, ${visibleText(column, 40)}`}: ${visibleText(message, 120)}`
  })
  return [
    `${basename(out)}: ${counted(columns.length, "column")}, ${counted(rules.filter(isFirm).length, "rule")}, ${rules.filter((rule) => !isFirm(rule)).length} more as comments`,
    ...(rejected.length === 0
      ? []
      : [`${observed.rejected} of ${counted(observed.rows, "row")} cannot be read and will be rejected:`, ...rejected]),
    `Review it, then run: ${program} ingest ${visibleText(file, 200)}${configNames.includes(basename(out)) ? "" : ` --config ${basename(out)}`}`,
  ]
}
