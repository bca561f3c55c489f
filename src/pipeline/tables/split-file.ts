import { headerKey } from "../../binding/match-headers.ts"
import type { Context } from "../../contract/context.ts"
import type { Parser } from "../../contract/parser.ts"
import type { Source, SourceFile } from "../../contract/source.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { TableFacts, TableNotice } from "../../model/table-facts.ts"
import { type AutoParserOptions, autoParser } from "../../parsers/auto.ts"
import type { FoundFile } from "../../parsers/files/found-files.ts"
import { foundFileParser } from "../../parsers/found-file-parser.ts"
import { withNotices } from "../../parsers/with-notices.ts"
import { abortable } from "../run/aborted.ts"
import { numberedTable } from "./numbered-table.ts"
import type { SplitBy, SplitTable } from "./split-tables.ts"

/** Finds the tables of a file. A file that is not split is one table, whatever is in it. Throws what the parsers throw. */
export async function splitFile(
  file: SourceFile,
  by: SplitBy,
  options: AutoParserOptions,
  context: Context,
): Promise<readonly SplitTable[]> {
  const members = await membersOf(file, by, options, context)
  const tables: SplitTable[] = []
  for (const member of members) {
    for (const part of await partsOf(member, by, options, context)) {
      const count = by === "all" ? await countTables(part, member.file, context) : 1
      for (let number = 1; number <= count; number++) {
        const parser = count === 1 ? part.parserFor("first") : numberedTable(part.parserFor("all"), number)
        tables.push({ member: member.path, sheet: part.sheet, path: part.path, number, source: sourceOfFile(member.file), parser })
      }
    }
  }
  return tables
}

/** A file, or a file of a zip. */
interface Member {
  readonly path: string | undefined
  readonly file: SourceFile
  readonly format: FoundFile["format"] | undefined
  /** Where the bytes of the table are. It is not `file` if that is packed. */
  readonly inner: SourceFile
  parserWith(options: AutoParserOptions): Parser
}

/** A sheet, an array of a JSON document, or a whole file. */
interface Part {
  readonly sheet?: string | undefined
  readonly path?: string | undefined
  parserFor(tables: "first" | "all"): Parser
}

async function membersOf(file: SourceFile, by: SplitBy, options: AutoParserOptions, context: Context): Promise<readonly Member[]> {
  const { foundFiles } = await import("../../parsers/files/found-files.ts")
  const found: FoundFile[] = []
  for await (const each of abortable(foundFiles(file, options.limits), context.signal)) found.push(each)
  const [first] = found
  const whole: Member = { path: undefined, file, format: first?.format, inner: first?.file ?? file, parserWith: autoParser }
  if (found.length < 2) return [whole]
  const members = found.map(
    (each): Member => ({
      path: pathWithin(file, each.file),
      file: each.file,
      format: each.format,
      inner: each.file,
      parserWith: (given) => foundFileParser(each, file, given),
    }),
  )
  const hasSheets = by === "sheets" && found.some(({ format }) => format === "xlsx")
  if (by === "all" || hasSheets || !(await isOneTable(members, options, context))) return members
  return [{ ...whole, format: undefined }]
}

function pathWithin({ uri }: SourceFile, inner: SourceFile): string {
  const path = inner.uri.startsWith(`${uri}!/`) ? inner.uri.slice(uri.length + 2) : inner.uri
  return uri.startsWith("file:") ? path.split("/").map(decodeURIComponent).join("/") : path
}

/** Whether all files of a zip have the same header, as parts of one table do. A file that cannot be read fails when it is loaded. */
async function isOneTable(members: readonly Member[], options: AutoParserOptions, context: Context): Promise<boolean> {
  const known: TableFacts[] = []
  try {
    for (const member of members) {
      const facts = await firstFacts(member.parserWith(options), member.file, context)
      if (facts !== undefined) known.push(facts)
    }
  } catch (error) {
    context.signal.throwIfAborted()
    context.logger.debug({ error: String(error) }, "a file of the zip could not be read")
    return true
  }
  const [first, ...others] = known
  return first === undefined || others.every((other) => isSameTable(first, other))
}

/** Objects leave out the keys that they have no value for, so files of them need not have all keys in common. */
function isSameTable(one: TableFacts, other: TableFacts): boolean {
  const [keys, others] = [new Set(one.header.map(headerKey)), new Set(other.header.map(headerKey))]
  const shared = [...keys].filter((key) => others.has(key)).length
  if (one.growing === true && other.growing === true) return 2 * shared >= Math.min(keys.size, others.size)
  return shared === keys.size && shared === others.size
}

async function firstFacts(parser: Parser, file: SourceFile, context: Context): Promise<TableFacts | undefined> {
  for await (const { table } of abortable(parser.parse(file, context), context.signal)) return table
  return undefined
}

function wholeOf(member: Member, options: AutoParserOptions): Part {
  return { parserFor: (tables) => member.parserWith(withTables(options, tables)) }
}

function withTables(options: AutoParserOptions, tables: "first" | "all"): AutoParserOptions {
  return { ...options, csv: { ...options.csv, tables }, xlsx: { ...options.xlsx, tables } }
}

async function partsOf(member: Member, by: SplitBy, options: AutoParserOptions, context: Context): Promise<readonly Part[]> {
  if (by !== "files" && member.format === "xlsx") return await sheetsOf(member, options, context)
  if (by === "all" && member.format === "json" && options.json?.path === undefined) return await arraysOf(member, options, context)
  return [wholeOf(member, options)]
}

/** The arrays of objects in a JSON document. */
async function arraysOf(member: Member, options: AutoParserOptions, context: Context): Promise<readonly Part[]> {
  const { jsonTables } = await import("../../parsers/json/json-tables.ts")
  const paths = await jsonTables(member.inner, context, options.json ?? {})
  if (paths.length === 0) return [wholeOf(member, options)]
  return paths.map((path) => ({ path, parserFor: () => member.parserWith({ ...options, json: { ...options.json, path } }) }))
}

/** The sheets of a workbook that have tables. The first one has a notice about the others. */
async function sheetsOf(member: Member, options: AutoParserOptions, context: Context): Promise<readonly Part[]> {
  const { filledSheets } = await import("../../parsers/xlsx/sheets/filled-sheets.ts")
  const sheets = await filledSheets(member.inner, context, options.xlsx ?? {})
  const withTable = sheets.filter(({ hasTable }) => hasTable)
  if (withTable.length === 0) return [wholeOf(member, options)]
  const others = sheets.filter(({ hasTable }) => !hasTable).map(({ sheet }) => sheet.name)
  return withTable.map(({ sheet }, at) => ({
    sheet: withTable.length === 1 ? undefined : sheet.name,
    parserFor: (tables) => {
      const given = withTables(options, tables)
      const parser = member.parserWith({ ...given, xlsx: { ...given.xlsx, sheet: sheet.index + 1 } })
      return at === 0 && others.length > 0 ? noticing(parser, noTablesNotice(others)) : parser
    },
  }))
}

function noTablesNotice(names: readonly string[]): TableNotice {
  const quoted = names.map((name) => `"${shownText(name)}"`).join(", ")
  const message =
    names.length === 1 ? `The sheet ${quoted} was not read: it has no table.` : `The sheets ${quoted} were not read: they have no tables.`
  return { code: "sheet.others", message }
}

function noticing(parser: Parser, notice: TableNotice): Parser {
  return { ...parser, parse: (file, context) => withNotices(parser.parse(file, context), [notice]) }
}

/** How many tables stand below or beside each other. Only a file whose first table has another one beside or below it is read to its end. */
async function countTables(part: Part, file: SourceFile, context: Context): Promise<number> {
  const facts = await firstFacts(part.parserFor("first"), file, context)
  if (facts?.notices?.some(({ code }) => code === "table.second" || code === "table.beside") !== true) return 1
  const tables = new Set<TableFacts>()
  for await (const { table } of abortable(part.parserFor("all").parse(file, context), context.signal)) tables.add(table)
  return tables.size
}

function sourceOfFile(file: SourceFile): Source {
  return {
    name: "tables",
    async *files() {
      yield file
    },
  }
}
