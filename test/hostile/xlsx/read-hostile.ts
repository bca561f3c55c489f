/** A program that reads files and prints the outcome and cost of each as a line of JSON. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { argv, stdout } from "node:process"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import type { XlsxOptions } from "../../../src/parsers/xlsx/xlsx-options.ts"
import { file } from "../../../src/sources/file.ts"
import { chunkedFile } from "../../parsers/chunked-file.ts"
import { readContext } from "../../parsers/read-table.ts"
import { workbookBytes } from "../../parsers/xlsx/workbook-bytes.ts"
import { type Cost, watchCost } from "../cost-watch.ts"

export interface HostileReading extends Cost {
  readonly name: string
  /** The code of the error, `"rows"` if there was none, or an error that is not a RowgateError as text. */
  readonly outcome: string
  /** The message of the error. That of a `LIMIT_EXCEEDED` must name the option. */
  readonly message: string
  readonly rows: number
  readonly temporaryFiles: readonly string[]
  /** File descriptors that were not open before; 0 if the system does not list them. */
  readonly openFiles: number
}

async function rowsOf(path: string, options: XlsxOptions | undefined): Promise<number> {
  const context = readContext()
  let rows = 0
  for await (const each of file(path).files(context)) for await (const batch of xlsx(options).parse(each, context)) rows += batch.length
  return rows
}

async function read(name: string, path: string, options: XlsxOptions | undefined): Promise<HostileReading> {
  const openBefore = openFiles()
  const costs = watchCost()
  let outcome = "rows"
  let message = ""
  let rows = 0
  try {
    rows = await rowsOf(path, options)
  } catch (error) {
    outcome = error instanceof RowgateError ? error.code : String(error)
    message = error instanceof Error ? error.message : ""
  }
  const cost = await costs()
  return {
    name,
    outcome,
    message,
    rows,
    ...cost,
    temporaryFiles: readdirSync(tmpdir()).filter((each) => each.startsWith("rowgate-")),
    openFiles: openFiles() - openBefore,
  }
}

function openFiles(): number {
  return existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0
}

const work: { name: string; path: string; options?: XlsxOptions }[] = JSON.parse(readFileSync(argv[2] ?? "", "utf8"))
// Warm up: code that runs for the first time is slow and takes memory.
for (let round = 0; round < 3; round++) {
  for await (const _ of xlsx().parse(chunkedFile(workbookBytes({ rows: "<row><c><v>1</v></c></row>", strings: ["a"] })), readContext()));
}
for (const { name, path, options } of work) stdout.write(`${JSON.stringify(await read(name, path, options))}\n`)
