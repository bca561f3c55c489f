import type { Parser } from "../contract/parser.ts"
import type { Source } from "../contract/source.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import type { InferredContract } from "../pipeline/tables/infer.ts"
import { type SplitBy, type SplitTable, splitTables } from "../pipeline/tables/split-tables.ts"
import { snakeCase, type TableName } from "../postgres/sql/quoted-names.ts"
import { tableOfFile } from "./file-table.ts"
import type { IngestSettings } from "./ingest-settings.ts"
import type { Input } from "./inputs/input.ts"
import { readingOptions } from "./reading-options.ts"
import { tableText } from "./table-name.ts"
import { usageError } from "./usage-error.ts"

/** The files of one table, which are one run. */
export interface FileGroup {
  readonly table: TableName
  readonly files: readonly Input[]
  /** Reads the table of the group, if its file has several. */
  readonly parser?: Parser | undefined
  /** The contract that an earlier delivery inferred, for rows that correct its rejects. Default: it is inferred from the first file. */
  readonly inferred?: Pick<InferredContract, "columns" | "expected"> | undefined
}

/** PostgreSQL cuts longer names. */
const mostNameBytes = 63

/** Files that can be no zip, unless they have the wrong name. */
const single = /\.(csv|tsv|tab|psv|txt|json|geojson|ndjson|jsonl|xls[xmb]?|xlt[xm]|parquet|pq)(\.gz)?$/i

/**
 * Divides the files into runs. All files go into one table with `--table`, else those whose names give the same table. A file that is split is a
 * run for each of its tables.
 */
export async function fileGroups(files: readonly Input[], settings: IngestSettings, signal: AbortSignal): Promise<readonly FileGroup[]> {
  const whole = new Map<string, Input[]>()
  const groups: (FileGroup | string)[] = []
  for (const file of files) {
    const tables = await tablesOf(file, settings, signal)
    if (tables !== undefined) {
      groups.push(...tables)
      continue
    }
    const name = settings.table === undefined ? tableOfFile(file.name) : ""
    const known = whole.get(name)
    if (known !== undefined) known.push(file)
    else {
      whole.set(name, [file])
      groups.push(name)
    }
  }
  const all = groups.map((group) =>
    typeof group === "string" ? { table: settings.table ?? { schema: undefined, table: group }, files: whole.get(group) ?? [] } : group,
  )
  refuseReplacing(all, settings)
  return all
}

/** What `--all` and `--all-sheets` say; without them, a zip is split if nobody says that its files are one table. */
function splitOf({ name }: Input, { tables, table, contract }: IngestSettings): SplitBy | undefined {
  if (tables !== undefined) return tables
  return table === undefined && contract.kind === "inferred" && !single.test(name) ? "files" : undefined
}

/** One group for each table of a file; undefined if the file is not split. */
async function tablesOf(input: Input, settings: IngestSettings, signal: AbortSignal): Promise<readonly FileGroup[] | undefined> {
  const by = splitOf(input, settings)
  if (by === undefined) return undefined
  try {
    const tables: SplitTable[] = []
    for await (const table of splitTables(input.source, { by, formats: readingOptions(settings), signal })) tables.push(table)
    if (tables.length < 2 && by === "files") return undefined
    const names = new Set<string>()
    const paths = tables.flatMap(({ member }) => (member === undefined ? [] : [member]))
    return tables.map((each) => {
      const table = settings.table ?? { schema: undefined, table: unusedName(nameOf(input, each, paths), names) }
      return { table, files: [{ name: labelOf(input, each), path: input.path, source: each.source }], parser: each.parser }
    })
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof RowgateError)) throw error
    // The files before it are loaded, and the run of this one fails.
    if (settings.tables === undefined) return undefined
    const table = settings.table ?? { schema: undefined, table: tableOfFile(input.name) }
    return [{ table, files: [{ ...input, source: failing(error) }] }]
  }
}

/** `months_customers` for `customers.csv` in `months.zip`, `book_feb` for a sheet of `book.xlsx`, `book_feb_2` for the second table of that sheet. */
function nameOf({ name }: Input, { member, sheet, path = "", number }: SplitTable, paths: readonly string[]): string {
  const folder = commonFolder(paths)
  const inZip = member === undefined ? [] : [member.slice(folder.length).replace(/(?<=.)(\.\w{1,8}){1,2}$/, "")]
  const parts = [...inZip, ...(sheet === undefined ? [] : [sheet]), path, ...(number === 1 ? [] : [String(number)])]
  return [tableOfFile(name), ...parts.map(snakeCase).filter((part) => part !== "")].join("_")
}

function commonFolder(paths: readonly string[]): string {
  let folder = paths[0]?.replace(/[^/]*$/, "") ?? ""
  while (!paths.every((path) => path.startsWith(folder))) folder = folder.replace(/[^/]*\/$/, "")
  return folder
}

function unusedName(name: string, names: Set<string>): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? "" : `_${number}`
    const unused = `${cutToBytes(name, mostNameBytes - end.length)}${end}`
    if (names.has(unused)) continue
    names.add(unused)
    return unused
  }
}

function cutToBytes(text: string, most: number): string {
  let cut = text
  while (Buffer.byteLength(cut) > most) cut = [...cut].slice(0, -1).join("")
  return cut
}

function labelOf({ name }: Input, { member, sheet, path, number }: SplitTable): string {
  const parts = [
    ...(member === undefined ? [] : [member]),
    ...(sheet === undefined ? [] : [`sheet ${shownText(sheet)}`]),
    ...(path === undefined ? [] : [`array ${path}`]),
    ...(number === 1 ? [] : [`table ${number}`]),
  ]
  return [name, ...parts].join(", ")
}

function failing(error: RowgateError): Source {
  return {
    name: "tables",
    // biome-ignore lint/correctness/useYield: it fails before it has a file.
    async *files() {
      throw error
    },
  }
}

/** Within a run, the sink refuses a second file. */
function refuseReplacing(groups: readonly FileGroup[], { load: { mode } }: IngestSettings): void {
  if (mode !== "replace" && mode !== "delete-missing") return
  const names = new Set<string>()
  for (const { table, files } of groups) {
    const name = tableText(table)
    if (names.has(name)) {
      const [file] = files
      throw usageError(
        `The table ${name} would get ${file?.name ?? "a second file"} after another one, but the mode ${mode} takes one file for each table, because each file replaces the one before it.`,
        "ingest",
      )
    }
    names.add(name)
  }
}
