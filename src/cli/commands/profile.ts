import { resolve } from "node:path"
import { profile as profileTables } from "../../pipeline/tables/profile.ts"
import type { Command } from "../command.ts"
import { exitCode } from "../exit-code.ts"
import { sourceOfInputs } from "../inputs/input.ts"
import { InputFiles } from "../inputs/input-files.ts"
import { requireWritable } from "../output-file.ts"
import { printSuspects } from "../print-suspects.ts"
import { profileLines } from "../profile-lines.ts"
import { countOption, headerOption } from "../table-options.ts"
import { usageError } from "../usage-error.ts"

/** `rowgate profile FILE...` */
export const profile: Command = {
  name: "profile",
  operands: "FILE...",
  about: "Shows what is in the columns of files: kinds, fill, distinct values, range, frequent values, and cells that may be wrong.",
  notes: [
    "A FILE is a path, a folder, a pattern, - for standard input, https:// or s3://.",
    "It reads every table of a file once. Figures with ~ are estimates, within about 1 %; all others are exact.",
  ],
  options: {
    columns: { value: "A,B", about: "only these columns, by their names in the file" },
    rows: { value: "N", about: "only the first N rows of each table" },
    sheet: { value: "SHEET", about: "only this sheet, by name or by number from 1 (default: all, including hidden ones)" },
    header: { value: "ROW", about: "the row of the header, counted from 1 (default: detected)" },
    "no-header": { about: "the file has no header" },
    suspects: { about: "print the cells that are probably wrong, with reasons, instead of the profile" },
    html: {
      value: "FILE",
      about: "write a page of HTML with a tile for each column and the cells that may be wrong, instead of the profile",
    },
    redact: { value: "A,B", about: "columns whose values the page of --html does not show" },
    json: {
      about: "print one line of JSON for each table, with quantiles, lengths, patterns and examples too; with --suspects, for each cell",
    },
  },
  examples: [
    ["profile orders.csv", "shows what each column holds"],
    ["profile orders.csv --suspects", "lists the cells that are probably wrong"],
  ],
  async run({ args, io, signal }) {
    await using inputs = await InputFiles.of(args.operands, io, "profile", signal)
    if (inputs.files.length === 0) throw usageError("profile takes one file or more.", "profile")
    const columns = args.names("columns")
    const reading = { columns, sheet: args.text("sheet"), header: headerOption(args, "profile"), signal }
    if (args.flag("suspects")) {
      if (args.has("rows")) throw usageError("--suspects judges all rows, so it does not go with --rows.", "profile")
      await printSuspects(sourceOfInputs(inputs.files), reading, args.flag("json"), io.stdout)
      return exitCode.ok
    }
    const page = args.text("html")
    const redact = args.names("redact")
    if (redact !== undefined && page === undefined)
      throw usageError("--redact hides values in the page of --html, which is not given.", "profile")
    if (page !== undefined) {
      if (args.flag("json") || args.has("rows"))
        throw usageError("--html shows whole files, so it goes with neither --json nor --rows.", "profile")
      const path = resolve(io.cwd, page)
      await requireWritable(path, "html", "profile")
      const { writeProfilePage } = await import("../report-files.ts")
      await writeProfilePage(
        path,
        inputs.files.map(({ source }) => source),
        { redact, reading },
      )
      await io.stdout.lines([`page: ${path}`])
      return exitCode.ok
    }
    const options = { ...reading, rows: countOption(args, "rows", "profile") }
    let printed = 0
    // A column that is asked for may be in any of the files.
    const sources = columns === undefined ? inputs.files.map(({ source }) => source) : [sourceOfInputs(inputs.files)]
    for (const source of sources)
      for (const each of await profileTables(source, options)) {
        if (!args.flag("json")) await io.stdout.lines([...(printed === 0 ? [] : [""]), ...profileLines(each)])
        else if (!(await io.stdout.json(each))) return exitCode.ok
        printed++
      }
    return exitCode.ok
  },
}
