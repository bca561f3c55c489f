import type { Issue } from "../../model/issue.ts"
import type { ColumnProof } from "./column-proof.ts"
import { csvError, csvWarning, unclosedQuote } from "./csv-issue.ts"
import { type Dialect, lineEndAt } from "./dialect/dialect.ts"
import { type SplitRecord, splitRecord } from "./scan/split-record.ts"

/** How an irregular record was read. */
export interface RecoveredRecord {
  /** At most one for each column; fewer if some are missing. */
  readonly fields: readonly string[]
  /** The position after its last byte, before the line end. */
  readonly end: number
  /** The position of the next record. */
  readonly next: number
  /** Why it is irregular; undefined if only white space made it so. */
  readonly issue: Issue | undefined
  /** The original number of its fields, if it differs from the others'. */
  readonly count?: number
}

/** What `recoverRecord` needs to know about the table. */
export interface RecoveryOptions {
  readonly dialect: Dialect
  readonly width: number
  /** How many of the fields are columns. Those after them are only delimiters. */
  readonly columns: number
  readonly proof: ColumnProof
  /** Whether quotes enclose fields in this file. If none does in the sample, a quote that opens a field and closes none is text. */
  readonly hasQuotedFields: boolean
  /** Whether a record with too few or too many fields passes with a warning. */
  readonly keepRagged: boolean
  /** The most fields of a record. */
  readonly maxFields: number
}

/** With more extra fields than this, no other reading is tried. */
const mostSurplus = 8
const confidence = 0.9
const loneCrEnds = csvWarning("csv.line_end", "The record ends in a lone CR, unlike the others.", confidence)
const trailingDelimiters = csvWarning("csv.trailing_delimiter", "The record ends with delimiters that belong to no column.", confidence)
const unquotedDelimiters = csvWarning(
  "csv.unquoted_delimiter",
  "A field contains unquoted delimiters; the other columns prove which field.",
  confidence,
)
const otherDelimiter = csvWarning("csv.other_delimiter", "The record has a different delimiter than the others.", confidence)
const strayQuote = csvWarning("csv.stray_quote", "A quote neither encloses a field nor is doubled; it is read as part of the text.", 0.8)
const quoteNotClosed = csvError("csv.unclosed_quote", unclosedQuote)
const otherDelimiters = [";", ",", "\t", "|", ":", "~", "^", " "]

/**
 * Reads the record at the beginning of a text, where a scanner stopped. Returns `"blank"` for a line of white space, `"more"` if the text ends
 * before the record does, and `"wide"` if the record exceeds the limit of fields.
 *
 * If another reading puts every field into a column that it fits, and the kinds of the columns prove it, that reading is used, with a warning.
 * Otherwise the record is rejected; no field is moved by guesswork.
 */
export function recoverRecord(view: string, final: boolean, options: RecoveryOptions): RecoveredRecord | "blank" | "more" | "wide" {
  const { dialect, width, maxFields } = options
  const keep = width + mostSurplus + 1
  const alone = untilLoneCr(view, final, options)
  if (alone !== undefined) return taken(alone, alone.fields, loneCrEnds)
  const long = splitRecord(view, 0, dialect, { keep })
  if (long.count > maxFields) return "wide"
  if (long.open && !final) return "more"
  // A misplaced quote may swallow the following lines; the record is then only its first line.
  const record = long.flaw === undefined || long.count === width ? long : splitRecord(view, 0, dialect, { multiline: false, keep })
  if (isBlank(record)) return "blank"
  const isText = record.count === width && !options.hasQuotedFields
  if (record.flaw === "unclosed" && !isText) return rejected(record, quoteNotClosed, options)
  if (record.count === width) {
    const { fields, end, next, flaw } = record
    if (lineEndAt(view, end, dialect) === 0 && end < view.length) return { fields, end, next, issue: loneCrEnds }
    return { fields, end, next, issue: flaw === undefined ? undefined : strayQuote }
  }
  // The record lacks only delimiters that belong to no column.
  const { fields, count, end, next } = record
  if (count < width && count >= options.columns && record.flaw === undefined) {
    return { fields: [...fields, ...new Array<string>(width - count).fill("")], end, next, issue: undefined, count }
  }
  const other = record.flaw === undefined ? otherReading(view, record, options) : undefined
  return { ...(other ?? rejected(record, raggedIssue(count, options), options)), count }
}

/** Ragged records are often numerous and alike, so those of one length share an issue. */
const raggedIssues = new Map<string, Issue>()
const mostRaggedIssues = 100

function raggedIssue(count: number, { width, keepRagged }: RecoveryOptions): Issue {
  const key = `${count} ${width} ${keepRagged}`
  const known = raggedIssues.get(key)
  if (known !== undefined) return known
  const message = `The record has ${count} ${count === 1 ? "field" : "fields"}; the others have ${width}.`
  const issue = keepRagged ? csvWarning("row.ragged", message, 1) : csvError("row.ragged", message)
  if (raggedIssues.size === mostRaggedIssues) raggedIssues.clear()
  raggedIssues.set(key, issue)
  return issue
}

function isBlank({ fields, quoted, count }: SplitRecord): boolean {
  return count === 1 && quoted[0] !== true && fields[0]?.trim() === ""
}

function rejected(record: SplitRecord, issue: Issue, { width }: RecoveryOptions): RecoveredRecord {
  return { fields: record.fields.slice(0, width), end: record.end, next: record.next, issue }
}

function otherReading(view: string, record: SplitRecord, options: RecoveryOptions): RecoveredRecord | undefined {
  const line = view.slice(0, record.end)
  const surplus = record.count - options.width
  if (surplus > mostSurplus || !options.proof.hasEvidence) return undefined
  if (surplus > 0) {
    const places = placesOf(record.fields, options)
    if (hasStrayDelimiter(record.fields, places, options)) return undefined
    const trailing = withoutTrailing(record.fields, places, options)
    if (trailing !== undefined) return taken(record, trailing, trailingDelimiters)
    const merged = merge(record, places, options)
    if (merged !== undefined) return taken(record, merged, unquotedDelimiters)
  }
  const delimited = byOtherDelimiter(line, options)
  return delimited === undefined ? undefined : taken(record, delimited, otherDelimiter)
}

/** How many fields are in the right column, counted from each end, and how many of them prove it. */
interface Places {
  readonly first: number
  readonly last: number
  readonly firstProofs: readonly number[]
  readonly lastProofs: readonly number[]
}

function placesOf(fields: readonly string[], { width, proof }: RecoveryOptions): Places {
  const firstProofs = [0]
  const lastProofs = [0]
  for (let j = 0; j < width; j++) {
    const said = proof.at(j, fields[j] ?? "")
    if (said < 0) break
    firstProofs.push((firstProofs[j] ?? 0) + said)
  }
  for (let j = 0; j < width; j++) {
    const said = proof.at(width - 1 - j, fields[fields.length - 1 - j] ?? "")
    if (said < 0) break
    lastProofs.push((lastProofs[j] ?? 0) + said)
  }
  return { first: firstProofs.length - 1, last: lastProofs.length - 1, firstProofs, lastProofs }
}

function taken({ end, next }: SplitRecord, fields: readonly string[], issue: Issue): RecoveredRecord {
  return { fields, end, next, issue }
}

/** Whether an empty field may be the extra one: a stray delimiter cannot be told from one that belongs to a neighbouring field. */
function hasStrayDelimiter(fields: readonly string[], { first, last }: Places, { width }: RecoveryOptions): boolean {
  if (fields.length !== width + 1) return false
  // Among several empty fields at the end, any of them may be left out.
  const end = fields.findLastIndex((field) => field !== "") + 1
  return fields.some((field, at) => field === "" && at < Math.min(end, width) && at <= first && width - at <= last)
}

/** The fields without blank ones after the last column, if the others are in the right columns. */
function withoutTrailing(
  fields: readonly string[],
  { first, firstProofs }: Places,
  { width, proof }: RecoveryOptions,
): readonly string[] | undefined {
  if (first < width) return undefined
  // If the last column has its value, no field before it moved.
  if ((firstProofs[width] ?? 0) === 0 && !proof.isValueOf(width - 1, fields[width - 1] ?? "")) return undefined
  if (fields.slice(width).some((field) => field.trim() !== "")) return undefined
  return fields.slice(0, width)
}

/** The only way to join neighbouring fields that puts every field into a column that it fits. */
function merge({ fields, quoted }: SplitRecord, places: Places, { dialect, width, proof }: RecoveryOptions): readonly string[] | undefined {
  const surplus = fields.length - width
  if (width < 2) return undefined
  let found: readonly string[] | undefined
  let proofs = 0
  for (let at = 0; at < width; at++) {
    if (at > places.first || width - 1 - at > places.last) continue
    const parts = fields.slice(at, at + surplus + 1)
    // A quoted field is complete, and a field does not begin or end with a delimiter.
    if (quoted.slice(at, at + surplus + 1).includes(true) || parts[0] === "" || parts.at(-1) === "") continue
    const joined = parts.join(dialect.delimiter)
    const said = proof.at(at, joined)
    if (said < 0) continue
    if (found !== undefined) return undefined
    found = [...fields.slice(0, at), joined, ...fields.slice(at + surplus + 1)]
    proofs = said + (places.firstProofs[at] ?? 0) + (places.lastProofs[width - 1 - at] ?? 0)
  }
  return proofs > 0 ? found : undefined
}

/** The first of the records that lone CRs separate in a line that ends in LF. The line may contain thousands; only the first is read. */
function untilLoneCr(view: string, final: boolean, { dialect, width }: RecoveryOptions): SplitRecord | undefined {
  if (dialect.lineEnd === "\r" || width < 2 || !view.includes("\r")) return undefined
  const parts: Dialect = { ...dialect, lineEnd: "\r" }
  const first = splitRecord(view, 0, parts, { keep: width })
  if (first.count !== width || first.flaw !== undefined || view.charCodeAt(first.end) !== 13 || first.next !== first.end + 1)
    return undefined
  const second = splitRecord(view, first.next, parts, { keep: width })
  return second.count === width && (final || !second.open) ? first : undefined
}

/** The fields of a record that another delimiter splits so that they fit. */
function byOtherDelimiter(line: string, { dialect, width, proof }: RecoveryOptions): readonly string[] | undefined {
  if (width < 2) return undefined
  let found: readonly string[] | undefined
  for (const delimiter of otherDelimiters) {
    if (delimiter === dialect.delimiter || !line.includes(delimiter)) continue
    const { fields, count, flaw } = splitRecord(
      line,
      0,
      { ...dialect, delimiter, padded: false, collapsed: false },
      { multiline: false, keep: width },
    )
    if (count !== width || flaw !== undefined || (proof.fits(fields) ?? 0) === 0) continue
    if (found !== undefined) return undefined
    found = fields
  }
  return found
}
