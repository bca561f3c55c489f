import type { TableNotice } from "../../../model/table-facts.ts"
import { textOfView } from "../dialect/dialect.ts"

/** Lines of the file that are not rows: how many are not blank, and the first of them. */
export interface SkippedLines {
  readonly count: number
  /** Counted from 1. */
  readonly line: number
  /** The first one, cut, as text. */
  readonly text: string
}

const shown = 80

/** The lines of a part of the text; undefined if all are blank or comments. `line`: the number of its first line. */
export function skippedLines(view: string, line: number, lineEnd: "\n" | "\r", comment?: string): SkippedLines | undefined {
  return countLines(view, line, lineEnd, (text) => !isBlank(text) && (comment === undefined || !text.startsWith(comment)))
}

/** The comments of a part of the text; undefined if it has none. */
export function commentLines(view: string, line: number, lineEnd: "\n" | "\r", comment: string): SkippedLines | undefined {
  return countLines(view, line, lineEnd, (text) => text.startsWith(comment))
}

function countLines(view: string, line: number, lineEnd: "\n" | "\r", counts: (text: string) => boolean): SkippedLines | undefined {
  let count = 0
  let first: { readonly line: number; readonly text: string } | undefined
  for (const [at, text] of view.split(lineEnd === "\r" ? /\r\n|\n|\r/ : "\n").entries()) {
    if (!counts(text)) continue
    count++
    first ??= { line: line + at, text: textOfView(text.trim().slice(0, 4 * shown)) }
  }
  return first === undefined ? undefined : { count, ...first }
}

/** Whether a line has nothing but white space and the usual delimiters. */
function isBlank(line: string): boolean {
  return !/[^\s,;|]/.test(line)
}

/** Says that lines above the table were skipped. */
export function preambleNotice({ count, line, text }: SkippedLines): TableNotice {
  const quote = quoted(text)
  const message =
    count === 1
      ? `Line ${line} is above the table and was skipped: ${quote}.`
      : `${count} lines above the table were skipped. The first is line ${line}: ${quote}.`
  return { code: "csv.preamble", message, row: line, quotes: [quote] }
}

/** Says that comments were skipped. `isWhole`: the sample is the whole file. */
export function commentNotice({ count, line, text }: SkippedLines, isWhole: boolean): TableNotice {
  const lines =
    count === 1 && isWhole
      ? `Line ${line} is a comment and was skipped`
      : `${isWhole ? "" : "At least "}${count} lines are comments and were skipped. The first is line ${line}`
  const quote = quoted(text)
  return { code: "csv.comment", message: `${lines}: ${quote}.`, row: line, quotes: [quote] }
}

/** Says that a table below the first was not read. */
export function secondTableNotice({ count, line, text }: SkippedLines): TableNotice {
  const quote = quoted(text)
  const size = count === 1 ? "The line was" : `Its ${count} lines were`
  return {
    code: "table.second",
    message: `Another table begins on line ${line}: ${quote}. ${size} skipped; read it with csv({ tables: "all" }).`,
    row: line,
    quotes: [quote],
  }
}

/** Says that the table has no header. */
export function noHeaderNotice(line: number, text: string): TableNotice {
  const quote = quoted(textOfView(text))
  return {
    code: "header.none",
    message: `The table has no header; its columns are named column_1 and so on. Its first row is on line ${line}: ${quote}.`,
    row: line,
    quotes: [quote],
  }
}

/** Says that rows of the table repeat its header. They are rejected; this counts those of the sample. */
export function repeatedNotice(count: number, line: number, text: string): TableNotice {
  const lines = count === 1 ? `Line ${line} repeats the header` : `${count} lines repeat the header. The first is line ${line}`
  const quote = quoted(textOfView(text))
  return { code: "header.repeated", message: `${lines}: ${quote}.`, row: line, quotes: [quote] }
}

/** Says that quotes are read as text because few of them enclose a field. */
export function literalQuotesNotice(line: number, text: string): TableNotice {
  const quote = quoted(textOfView(text))
  return {
    code: "csv.literal_quotes",
    message:
      `Quotes are read as text because few of them enclose a field; the first is on line ${line}: ${quote}. ` +
      `If quotes enclose fields, pass csv({ quote: '"' }).`,
    row: line,
    quotes: [quote],
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > shown ? `${text.slice(0, shown)}…` : text)
}
