import type { CsvOptions } from "../parsers/csv/csv-options.ts"
import { encodingName } from "../parsers/encoding/encoding-name.ts"
import type { Arguments } from "./arguments.ts"
import type { OptionSpec } from "./command.ts"
import { usageError } from "./usage-error.ts"

/** Options of every command that reads delimited text. */
export const csvFlags = {
  delimiter: { value: "TEXT", about: "csv: the text between fields, such as ';' or tab; none for one column (default: detected)" },
  quote: { value: "CHARACTER", about: "csv: the character around fields, or none if no field is quoted (default: detected)" },
  encoding: { value: "NAME", about: "csv: the encoding, such as utf-8, windows-1252 or cp850 (default: detected)" },
  skip: { value: "LINES", about: "csv: how many lines to skip at the beginning of the file (default 0)" },
  footer: {
    value: "WHAT",
    values: ["keep", "drop"],
    about: "csv: keep totals and notes in the last rows with a warning (default), or drop them",
  },
  ragged: {
    value: "WHAT",
    values: ["reject", "keep"],
    about: "csv: reject records with too few or too many fields (default), or keep them with a warning",
  },
} as const satisfies { readonly [name: string]: OptionSpec }

/** How a command line describes delimited text. Throws `CONFIG_INVALID` for a value that no file can have. */
export function csvOptions(args: Arguments, command: string): CsvOptions {
  const encoding = args.text("encoding")
  return {
    delimiter: delimiterOf(args, command),
    quote: quoteOf(args, command),
    encoding: encoding === undefined ? undefined : encodingName(encoding),
    skipLines: skipOf(args, command),
    footer: args.oneOf("footer", ["keep", "drop"]),
    ragged: args.oneOf("ragged", ["reject", "keep"]),
  }
}

/** A shell passes `\t` as two characters. */
function delimiterOf(args: Arguments, command: string): string | null | undefined {
  const text = args.text("delimiter")
  if (text === "none") return null
  if (text === "tab" || text === "\\t") return "\t"
  if (text !== undefined && /[\r\n]/.test(text)) throw usageError("--delimiter contains a line end.", command)
  return text
}

function quoteOf(args: Arguments, command: string): string | null | undefined {
  const text = args.text("quote")
  if (text === "none") return null
  if (text !== undefined && !/^[\u0020-\u007e]$/.test(text))
    throw usageError(`--quote is "${text}", which is neither one ASCII character nor none.`, command)
  return text
}

function skipOf(args: Arguments, command: string): number | undefined {
  const text = args.text("skip")
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw usageError(`--skip is "${text}", which is not a number of lines.`, command)
  return Number(text)
}
