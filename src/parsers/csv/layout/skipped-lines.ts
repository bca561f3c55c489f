import type { TableNotice } from "../../../model/table-facts.ts"
import { quotedText, type SkippedPart } from "../../layout/skipped-part.ts"
import { textOfView } from "../dialect/dialect.ts"

/** How much of the first line is kept. */
const keptText = 320

/** The lines of a part of the text; undefined if all are blank or comments. `line`: the number of its first line. */
export function skippedLines(view: string, line: number, lineEnd: "\n" | "\r", comment?: string): SkippedPart | undefined {
  return countLines(view, line, lineEnd, (text) => !isBlank(text) && (comment === undefined || !text.startsWith(comment)))
}

/** The comments of a part of the text; undefined if it has none. */
export function commentLines(view: string, line: number, lineEnd: "\n" | "\r", comment: string): SkippedPart | undefined {
  return countLines(view, line, lineEnd, (text) => text.startsWith(comment))
}

function countLines(view: string, line: number, lineEnd: "\n" | "\r", counts: (text: string) => boolean): SkippedPart | undefined {
  let count = 0
  let first: { readonly at: number; readonly text: string } | undefined
  for (const [nth, text] of view.split(lineEnd === "\r" ? /\r\n|\n|\r/ : "\n").entries()) {
    if (!counts(text)) continue
    count++
    first ??= { at: line + nth, text: textOfView(text.trim().slice(0, keptText)) }
  }
  return first === undefined ? undefined : { count, ...first }
}

/** Whether a line has nothing but white space and the usual delimiters. */
function isBlank(line: string): boolean {
  return !/[^\s,;|]/.test(line)
}

/** Says that comments were skipped. `isWhole`: the sample is the whole file. */
export function commentNotice({ count, at, text }: SkippedPart, isWhole: boolean): TableNotice {
  const lines =
    count === 1 && isWhole
      ? `Line ${at} is a comment and was skipped`
      : `${isWhole ? "" : "At least "}${count} lines are comments and were skipped. The first is line ${at}`
  const quote = quotedText(text)
  return { code: "csv.comment", message: `${lines}: ${quote}.`, row: at, quotes: [quote] }
}

/** Says that quotes are read as text because few of them enclose a field. */
export function literalQuotesNotice(line: number, text: string): TableNotice {
  const quote = quotedText(textOfView(text))
  return {
    code: "csv.literal_quotes",
    message:
      `Quotes are read as text because few of them enclose a field; the first is on line ${line}: ${quote}. ` +
      `If quotes enclose fields, pass csv({ quote: '"' }).`,
    row: line,
    quotes: [quote],
  }
}

/** Says that spaces around fields are no part of them. */
export function paddingNotice(line: number, text: string): TableNotice {
  const quote = quotedText(textOfView(text))
  return {
    code: "csv.padding",
    message:
      `Spaces around the fields are left out, as on line ${line}: ${quote}. ` +
      "If they are part of the values, pass csv({ padding: false }).",
    row: line,
    quotes: [quote],
  }
}

/** Says that the delimiter that was declared is nowhere, although another one may be there. */
export function absentDelimiterNotice(line: number, text: string, delimiter: string): TableNotice {
  const quote = quotedText(textOfView(text))
  return {
    code: "csv.delimiter",
    message: `The declared delimiter ${JSON.stringify(delimiter)} was not found, so each line is one field, as line ${line} is: ${quote}.`,
    row: line,
    quotes: [quote],
  }
}
