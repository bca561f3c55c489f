import type { TableNotice } from "../../../model/table-facts.ts"
import { noHeaderNotice, preambleNotice, repeatedNotice, type SkippedPart } from "../../layout/skipped-part.ts"
import type { CsvSettings } from "../csv-options.ts"
import { byteView, commonDelimiters, type Dialect, textOfView } from "../dialect/dialect.ts"
import type { SampleRecord } from "../dialect/sample-records.ts"
import { absentDelimiterNotice, commentNotice, literalQuotesNotice, paddingNotice } from "./skipped-lines.ts"

/** What is known about the layout of a table. */
export interface CsvLayout {
  readonly view: string
  /** Whether the view is the whole text. */
  readonly complete: boolean
  readonly records: readonly SampleRecord[]
  readonly dialect: Dialect
  readonly settings: CsvSettings
  readonly above: SkippedPart | undefined
  readonly comments: SkippedPart | undefined
  /** The first row, if the table has no header. */
  readonly first: SampleRecord | undefined
  /** The records that repeat the header. */
  readonly repeats: readonly SampleRecord[]
  /** How many lines of the file precede the view. */
  readonly lines: number
}

/** Says what of the text is not in the table, and what was read in a way that you may not expect. */
export function layoutNotices({
  view,
  complete,
  records,
  dialect,
  settings,
  above,
  comments,
  first,
  repeats,
  lines,
}: CsvLayout): TableNotice[] {
  const { declared } = settings
  const textOf = ({ start, end }: SampleRecord) => view.slice(start, end)
  const notices: TableNotice[] = []
  if (above !== undefined) notices.push(preambleNotice("line", above))
  if (comments !== undefined) notices.push(commentNotice(comments, complete))
  if (first !== undefined && settings.header !== false && settings.names === undefined)
    notices.push(noHeaderNotice("line", first.line + lines, textOfView(textOf(first)), above !== undefined || comments !== undefined))
  const [line] = records
  if (line !== undefined && typeof declared.delimiter === "string" && !view.includes(byteView(declared.delimiter))) {
    const other = commonDelimiters.find((one) => textOf(line).includes(one))
    if (other !== undefined) notices.push(absentDelimiterNotice(line.line + lines, textOf(line), declared.delimiter))
  }
  const isLiteral = dialect.quote === undefined && declared.quote === undefined
  const literal = isLiteral ? records.find(({ fields }) => fields.some((field) => field.includes('"'))) : undefined
  if (literal !== undefined) notices.push(literalQuotesNotice(literal.line + lines, textOf(literal)))
  const isPadded = dialect.padded && declared.padding === undefined
  const padded = isPadded ? records.find((record) => hasWidePadding(textOf(record), dialect)) : undefined
  if (padded !== undefined) notices.push(paddingNotice(padded.line + lines, textOf(padded)))
  const [repeat] = repeats
  if (repeat !== undefined)
    notices.push(repeatedNotice("line", { count: repeats.length, at: repeat.line + lines, text: textOfView(textOf(repeat)) }))
  return notices
}

/** Whether a record has more spaces than the single ones after each delimiter, or on both sides of each, that many programs write. */
function hasWidePadding(text: string, { delimiter = "" }: Dialect): boolean {
  const plain = text.replaceAll(` ${delimiter} `, delimiter).replaceAll(`${delimiter} `, delimiter)
  return plain.startsWith(" ") || plain.endsWith(" ") || plain.includes(` ${delimiter}`) || plain.includes(`${delimiter} `)
}
