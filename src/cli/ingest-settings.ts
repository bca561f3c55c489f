import { access } from "node:fs/promises"
import { resolve } from "node:path"
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { type UnexpectedColumnPolicy, unexpectedColumnPolicies } from "../model/unexpected-column-policy.ts"
import type { CsvOptions } from "../parsers/csv/csv-options.ts"
import type { TableName } from "../postgres/sql/quoted-names.ts"
import type { Arguments } from "./arguments.ts"
import { type CommandCall, type OptionGroup, type OptionSpec, quietOption } from "./command.ts"
import { configOf, type RowgateConfig } from "./config.ts"
import { csvFlags, csvOptions } from "./csv-options.ts"
import { requireDistinctFiles } from "./distinct-files.ts"
import type { Input } from "./inputs/input.ts"
import { loadModule } from "./load-module.ts"
import { type LoadMode, loadMode, loadModes } from "./mode-option.ts"
import { requireWritable } from "./output-file.ts"
import { schemaOf } from "./schema-export.ts"
import { parseTable } from "./table-name.ts"
import { headerOption, instantOption } from "./table-options.ts"
import { defaultTarget, parseTarget, type Target } from "./target.ts"
import { usageError } from "./usage-error.ts"
import { workbookFlags } from "./workbook-flags.ts"

/** Options of `rowgate ingest`. */
export const ingestOptions = {
  to: {
    value: "TARGET",
    about: "postgres://user@host/database, pglite:DIR or FILE.ndjson (default DATABASE_URL, else pglite:.rowgate/db)",
  },
  table: { value: "TABLE", about: "table for all files, as TABLE or SCHEMA.TABLE (default: a table named after each file)" },
  mode: { value: "MODE", values: loadModes, about: "append (default), replace, upsert, insert-only, delete-missing or scd2" },
  key: { value: "COLUMNS", about: "columns that identify a row, separated by commas; for modes that merge" },
  newest: {
    value: "COLUMN",
    about: "if rows have the same key, the one with the greatest value in this column wins (default: the last row)",
  },
  lineage: { about: "write _run_id, _file and _row with each row, so that --reload can replace the rows" },
  "on-target-empty": {
    value: "WHAT",
    values: ["skip", "refuse"],
    about: "if the bytes were loaded before but the table is empty: skip them (default) or refuse them",
  },
  "on-all-rejected": {
    value: "WHAT",
    values: ["refuse", "empty"],
    about: "mode replace, if every row was rejected: refuse the file (default) or empty the table",
  },
  "on-unreadable-key": {
    value: "WHAT",
    values: ["refuse", "keep"],
    about: "mode delete-missing, if the key of a rejected row cannot be read: refuse the file (default) or keep all rows of the table",
  },
  name: { value: "NAME", about: "the pipeline's name (default: the table)" },
  naming: {
    value: "NAMING",
    values: ["exact", "snake_case"],
    about: "names of the columns in the table: exact or snake_case (default: those of the table, else snake_case)",
  },
  "create-table": { about: "create the table in PostgreSQL if it does not exist (the default in PGlite)" },
  sheet: { value: "SHEET", about: "the sheet, by name or by number from 1 (default: the first visible one)" },
  all: {
    about: "load all tables into tables of their own: all sheets, all files of a zip, all arrays of objects in JSON, all tables of each",
  },
  "all-sheets": { about: "load all sheets of a workbook, including hidden ones, each into a table of its own" },
  path: { value: "POINTER", about: "the array of rows in a JSON document, such as /data/items (default: the only one)" },
  header: { value: "ROW", about: "the row of the header, counted from 1 (default: detected)" },
  "no-header": { about: "the files have no header" },
  ...csvFlags,
  ...workbookFlags,
  locale: { value: "TAG", about: "how the file writes what its cells leave open, such as de: is 1.234 a thousand, is 03/04 in April" },
  null: { value: "TEXT", many: true, about: "a text that means no value, such as -1; repeat it for more (default: texts such as N/A)" },
  blanks: {
    value: "WHAT",
    values: ["null", "text"],
    about: "whether a blank text, such as quotes around nothing, is null (default) or text",
  },
  unexpected: {
    value: "WHAT",
    values: unexpectedColumnPolicies,
    about:
      "a column that the schema does not name or the table lacks: evolve, freeze, discardColumn or rejectRow (default: the schema drops it, the table refuses it)",
  },
  schema: { value: "FILE", about: "module that exports a zod, valibot or other Standard Schema (default: inferred)" },
  config: { value: "FILE", about: "module that exports defineConfig({ ... }) (default: rowgate.config.ts, if there is one)" },
  report: { value: "FILE", about: "write the whole report as JSON" },
  html: { value: "FILE", about: "write a report page: one file of HTML with score, columns, rules and rejected rows" },
  redact: { value: "COLUMNS", about: "columns whose values the page of --html does not show, separated by commas" },
  rejects: { value: "FILE", about: "write the rejected rows as ndjson, with their reasons" },
  "as-of": { value: "TIME", about: "the time that counts as now, such as 2026-01-31T12:00:00Z (default: now)" },
  evolve: { about: "add columns that the table lacks, and widen types that are too narrow" },
  plan: { about: "load nothing, and show what a load would do: statements, rows added, changed and removed, rejects, score" },
  "dry-run": { about: "the same as --plan" },
  explain: { about: "show what normalizing changed in each column, counted in all rows, with an example" },
  json: { about: "print the whole report as JSON instead of the summary" },
  reload: { about: "load bytes again that were loaded before, and replace their rows" },
  "fail-on-rejects": { about: "exit with code 4 if a row was rejected" },
  ...quietOption,
} as const satisfies { readonly [name: string]: OptionSpec }

/** The options that say how files are read. A pipeline says that itself. */
const readingFlags = [
  "sheet",
  "all",
  "all-sheets",
  "path",
  "header",
  "no-header",
  ...Object.keys(csvFlags),
  "merged",
  "hidden-rows",
  "locale",
  "null",
  "blanks",
  "unexpected",
]

/** How the help of `ingest` is divided. */
export const ingestHeadings: readonly OptionGroup[] = [
  ["Where rows go", ["to", "table", "create-table", "naming", "evolve", "lineage", "name"]],
  ["How rows go into the table", ["mode", "key", "newest", "reload", "on-target-empty", "on-all-rejected", "on-unreadable-key"]],
  ["What rows must pass", ["schema", "config", "unexpected", "as-of"]],
  ["How files are read", readingFlags.filter((name) => name !== "unexpected")],
  ["What is shown and kept", ["plan", "dry-run", "explain", "report", "html", "redact", "rejects", "json", "quiet", "fail-on-rejects"]],
]

/** The configurations that a folder may have, the first one wins. */
export const configNames = ["rowgate.config.ts", "rowgate.config.mts", "rowgate.config.js", "rowgate.config.mjs"]

/** What rows must pass: the pipeline of the configuration, a schema, or rules inferred from a sample. */
export type Contract =
  | { readonly kind: "pipeline"; readonly pipeline: NonNullable<RowgateConfig["pipeline"]> }
  | { readonly kind: "schema"; readonly schema: StandardSchemaV1<unknown, unknown> }
  | { readonly kind: "inferred" }

/** What one call of `rowgate ingest` does. The command line overrides the configuration, which overrides the environment and the defaults. */
export interface IngestSettings {
  readonly target: Target
  readonly table: TableName | undefined
  readonly load: LoadMode
  readonly name: string | undefined
  readonly version: string | undefined
  readonly naming: "exact" | "snake_case" | undefined
  readonly createTable: boolean
  readonly evolve: boolean
  readonly lineage: boolean
  readonly onTargetEmpty: "skip" | "refuse" | undefined
  readonly sheet: string | number | undefined
  /** Which tables of a file are loaded; undefined for the one that is read without a choice. */
  readonly tables: "all" | "sheets" | undefined
  readonly path: string | undefined
  readonly header: number | false | undefined
  readonly csv: CsvOptions
  readonly merged: "first" | "fill" | undefined
  readonly hiddenRows: "read" | "skip" | undefined
  readonly locale: string | undefined
  readonly nulls: readonly string[] | undefined
  readonly blanks: "null" | "text" | undefined
  readonly unexpected: UnexpectedColumnPolicy | undefined
  readonly contract: Contract
  readonly report: string | undefined
  readonly html: string | undefined
  /** The columns whose values the page does not show. */
  readonly redact: readonly string[] | undefined
  readonly rejects: string | undefined
  readonly asOf: Date | undefined
  readonly dryRun: boolean
  readonly explain: boolean
  readonly json: boolean
  readonly reload: boolean
  readonly failOnRejects: boolean
}

/** Reads and checks everything before anything is opened. */
export async function ingestSettings({ args, io, environment }: CommandCall, files: readonly Input[]): Promise<IngestSettings> {
  const config = await configuration(args, io.cwd, "ingest")
  const output = (name: "report" | "rejects") => {
    const given = args.text(name) ?? config[name]
    return given === undefined ? undefined : resolve(io.cwd, given)
  }
  const [report, rejects] = [output("report"), output("rejects")]
  const page = args.text("html")
  const html = page === undefined ? undefined : resolve(io.cwd, page)
  const redact = args.names("redact")
  if (redact !== undefined && html === undefined)
    throw usageError("--redact hides values in the page of --html, which is not given.", "ingest")
  const contract = await contractOf(args.text("schema"), config, io.cwd)
  const sheet = args.text("sheet")
  const path = args.text("path")
  const header = headerOption(args, "ingest")
  const ofReading = readingFlags.find((name) => args.has(name))
  if (contract.kind === "pipeline" && ofReading !== undefined) {
    throw usageError(
      `--${ofReading} does not work with the pipeline of the configuration, which says itself how files are read. Set it there, or ignore the configuration with --no-config.`,
      "ingest",
    )
  }
  if (contract.kind === "pipeline" && config.unexpected !== undefined) {
    throw usageError(
      "The configuration has both `unexpected` and `pipeline`. Use normalize({ unexpected }) in the pipeline instead.",
      "ingest",
    )
  }
  const target = parseTarget(args.text("to") ?? config.to ?? environment.databaseUrl ?? defaultTarget, io.cwd)
  const table = args.text("table") ?? config.table
  const named = (role: string, path: string | undefined) => (path === undefined ? [] : [{ role, path }])
  const read = [
    ...files.flatMap(({ path }) => named("a file to load", path)),
    ...["schema", "config"].flatMap((name) => {
      const given = args.text(name)
      return named(`--${name}`, given === undefined ? undefined : resolve(io.cwd, given))
    }),
  ]
  const rows = named("--to", target.kind === "ndjson" ? target.path : undefined)
  await requireDistinctFiles(
    read,
    [...rows, ...named("--report", report), ...named("--rejects", rejects), ...named("--html", html)],
    "ingest",
  )
  if (report !== undefined) await requireWritable(report, "report", "ingest")
  if (rejects !== undefined) await requireWritable(rejects, "rejects", "ingest")
  if (html !== undefined) await requireWritable(html, "html", "ingest")
  return {
    target,
    table: table === undefined ? undefined : parseTable(table, "ingest"),
    load: loadMode(args, config),
    name: args.text("name") ?? config.name,
    version: config.version,
    naming: args.oneOf("naming", ["exact", "snake_case"]) ?? config.naming,
    createTable: target.kind === "pglite" || args.flag("create-table"),
    evolve: args.flag("evolve"),
    lineage: args.flag("lineage") || config.lineage === true,
    onTargetEmpty: args.oneOf("on-target-empty", ["skip", "refuse"]) ?? config.onTargetEmpty,
    sheet,
    tables: tablesOption(args),
    path,
    header,
    csv: csvOptions(args, "ingest"),
    merged: args.oneOf("merged", ["first", "fill"]),
    hiddenRows: args.oneOf("hidden-rows", ["read", "skip"]),
    locale: localeOf(args, contract),
    nulls: args.texts("null"),
    blanks: args.oneOf("blanks", ["null", "text"]),
    unexpected: args.oneOf("unexpected", unexpectedColumnPolicies) ?? (contract.kind === "pipeline" ? undefined : config.unexpected),
    contract,
    report,
    rejects,
    html,
    redact,
    asOf: instantOption(args, "as-of", "ingest"),
    dryRun: args.flag("dry-run") || args.flag("plan"),
    explain: args.flag("explain"),
    json: args.flag("json"),
    reload: args.flag("reload"),
    failOnRejects: args.flag("fail-on-rejects"),
  }
}

/** `--all` and `--all-sheets` */
function tablesOption(args: Arguments): IngestSettings["tables"] {
  const [one, other] = ["all", "all-sheets", "sheet", "path"].filter((name) => args.has(name))
  if (other !== undefined) throw usageError(`Use either --${one} or --${other}.`, "ingest")
  return args.flag("all") ? "all" : args.flag("all-sheets") ? "sheets" : undefined
}

/** A schema says nothing of how numbers and dates are written. */
function localeOf(args: Arguments, { kind }: Contract): string | undefined {
  const locale = args.text("locale")
  if (locale !== undefined && kind === "schema")
    throw usageError(
      "--locale does not work with --schema. Give the locale to cell.decimal() and cell.date() in the pipeline of a configuration.",
      "ingest",
    )
  return locale
}

/** The configuration that the command line names, else the one in the folder. Empty if there is none, or with `--no-config`. */
export async function configuration(args: Arguments, cwd: string, command: string): Promise<RowgateConfig> {
  const named = args.text("config")
  const isUnwanted = args.flag("no-config")
  if (isUnwanted && named !== undefined) throw usageError("Use either --config or --no-config.", command)
  const path = named ?? (isUnwanted ? undefined : await firstOf(configNames, cwd))
  return path === undefined ? {} : configOf(await loadModule(path, cwd), resolve(cwd, path))
}

async function firstOf(names: readonly string[], folder: string): Promise<string | undefined> {
  for (const name of names) {
    const isThere = await access(resolve(folder, name)).then(
      () => true,
      () => false,
    )
    if (isThere) return name
  }
  return undefined
}

/** A schema on the command line replaces the whole pipeline of the configuration. */
export async function contractOf(schema: string | undefined, { pipeline }: RowgateConfig, cwd: string): Promise<Contract> {
  if (schema !== undefined) return { kind: "schema", schema: schemaOf(await loadModule(schema, cwd), resolve(cwd, schema)) }
  return pipeline === undefined ? { kind: "inferred" } : { kind: "pipeline", pipeline }
}
