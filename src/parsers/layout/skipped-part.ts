import type { TableNotice } from "../../model/table-facts.ts"

/** Lines of a text or rows of a sheet that are in no table: how many are not blank, and the first of them. */
export interface SkippedPart {
  readonly count: number
  /** The number of the first one, counted from 1. */
  readonly at: number
  /** The text of the first one. */
  readonly text: string
}

/** What the parts of a file are called. */
interface PartNames {
  readonly one: string
  readonly many: string
  readonly on: string
  readonly parser: string
  readonly preamble: string
}

/** The lines of a text, which `csv` reads, and the rows of a sheet, which `xlsx` reads. */
const names = {
  line: { one: "line", many: "lines", on: "on line", parser: "csv", preamble: "csv.preamble" },
  row: { one: "row", many: "rows", on: "in row", parser: "xlsx", preamble: "sheet.preamble" },
} as const satisfies { readonly [unit: string]: PartNames }

/** Whether a file consists of lines or of rows. */
export type PartUnit = keyof typeof names

const shown = 80

/** Says that parts above the table were skipped. */
export function preambleNotice(unit: PartUnit, { count, at, text }: SkippedPart): TableNotice {
  const { one, many, preamble } = names[unit]
  const quote = quotedText(text)
  const message =
    count === 1
      ? `${capital(one)} ${at} is above the table and was skipped: ${quote}.`
      : `${count} ${many} above the table were skipped. The first is ${one} ${at}: ${quote}.`
  return { code: preamble, message, row: at, quotes: [quote] }
}

/** Says that a table below the first was not read. */
export function secondTableNotice(unit: PartUnit, { count, at, text }: SkippedPart): TableNotice {
  const { one, many, on, parser } = names[unit]
  const quote = quotedText(text)
  const size = count === 1 ? `The ${one} was` : `Its ${count} ${many} were`
  return {
    code: "table.second",
    message: `Another table begins ${on} ${at}: ${quote}. ${size} skipped; read it with ${parser}({ tables: "all" }).`,
    row: at,
    quotes: [quote],
  }
}

/** Says that no header was found. `above`: the lines or rows above the first one were skipped, and one of them may be the header. */
export function noHeaderNotice(unit: PartUnit, at: number, text: string, above: boolean): TableNotice {
  const quote = quotedText(text)
  const place = unit === "line" ? `on line ${at}` : `row ${at}`
  return {
    code: "header.none",
    message: above
      ? `No header was found; the columns are named column_1 and so on. The first row is ${place}: ${quote}. One of the ${unit}s above it may be the header.`
      : `The table has no header; its columns are named column_1 and so on. Its first row is ${place}: ${quote}.`,
    row: at,
    quotes: [quote],
  }
}

/** Says that rows of the table repeat its header. They are rejected; this counts those of the sample. */
export function repeatedNotice(unit: PartUnit, { count, at, text }: SkippedPart): TableNotice {
  const { one, many } = names[unit]
  const parts = count === 1 ? `${capital(one)} ${at} repeats the header` : `${count} ${many} repeat the header. The first is ${one} ${at}`
  const quote = quotedText(text)
  return { code: "header.repeated", message: `${parts}: ${quote}.`, row: at, quotes: [quote] }
}

/** A text in quotes, cut if it is long. */
export function quotedText(text: string): string {
  return JSON.stringify(text.length > shown ? `${text.slice(0, shown)}…` : text)
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
