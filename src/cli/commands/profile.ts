import { resolve } from "node:path"
import { profile as profileTables } from "../../pipeline/tables/profile.ts"
import type { Command } from "../command.ts"
import { exitCode } from "../exit-code.ts"
import { profileLines } from "../profile-lines.ts"
import { countOption, headerOption } from "../table-options.ts"
import { usageError } from "../usage-error.ts"

/** `rowgate profile FILE` */
export const profile: Command = {
  name: "profile",
  operands: "FILE",
  about: "Shows what is in the columns of a file: kinds, fill, distinct values, range, frequent values, and cells that may be wrong.",
  notes: ["It reads every table of the file once. Figures with ~ are estimates, within about 1 %; all others are exact."],
  options: {
    columns: { value: "A,B", about: "only these columns, by their names in the file" },
    rows: { value: "N", about: "only the first N rows of each table" },
    sheet: { value: "SHEET", about: "only this sheet, by name or by number from 1 (default: all, including hidden ones)" },
    header: { value: "ROW", about: "the row of the header, counted from 1 (default: detected)" },
    "no-header": { about: "the file has no header" },
    json: { about: "print one line of JSON for each table, with quantiles, lengths, patterns and examples too" },
  },
  async run({ args, io, signal }) {
    const [file, ...more] = args.operands
    if (file === undefined || more.length > 0) throw usageError("profile takes one file.", "profile")
    const options = {
      columns: args.names("columns"),
      rows: countOption(args, "rows", "profile"),
      sheet: args.text("sheet"),
      header: headerOption(args, "profile"),
      signal,
    }
    const profiles = await profileTables(resolve(io.cwd, file), options)
    for (const [at, each] of profiles.entries()) {
      if (!args.flag("json")) await io.stdout.lines([...(at === 0 ? [] : [""]), ...profileLines(each)])
      else if (!(await io.stdout.json(each))) break
    }
    return exitCode.ok
  },
}
