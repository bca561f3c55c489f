import type { Issue } from "../../model/issue.ts"
import type { ColumnProof } from "./column-proof.ts"
import { csvError, csvWarning, unclosedQuote } from "./csv-issue.ts"
import { byteView, type Dialect, lineEndAt } from "./dialect.ts"
import { type SplitRecord, splitRecord } from "./split-record.ts"

/** What an irregular record is read as. */
export interface RecoveredRecord {
  /** As many as there are columns at most; fewer where some are missing. */
  readonly fields: readonly string[]
  /** Position after its last byte, before the line end. */
  readonly end: number
  /** Position of the next record. */
  readonly next: number
  /** Why it is not regular; undefined where only white space made it so. */
  readonly issue: Issue | undefined
}

/** What `recoverRecord` knows of the table. */
export interface RecoveryOptions {
  readonly dialect: Dialect
  readonly width: number
  readonly proof: ColumnProof
  /** Whether records with too few or too many fields only get a warning. */
  readonly keepRagged: boolean
  /** Most fields of a record, over which it is not taken apart. */
  readonly maxFields: number
}

const loneCrEnds = "The record ends in a lone CR, unlike the others."
const otherDelimiters = [";", ",", "\t", "|", ":", "~", "^", " "]

/**
 * Reads the record that a scanner stopped at, at the beginning of a text. `"blank"`: a line of white space. `"more"`: the text ends before
 * the record does. `"wide"`: it has more fields than a record may have.
 *
 * Where another reading puts every field into a column that it fits, and the columns' kinds prove it, that reading is taken, with a warning.
 * Otherwise the record is rejected: nothing is shifted by guess.
 */
export function recoverRecord(view: string, final: boolean, options: RecoveryOptions): RecoveredRecord | "blank" | "more" | "wide" {
  const { dialect, width, maxFields } = options
  const long = splitRecord(view, 0, dialect, { maxFields: maxFields + 1 })
  if (long.fields.length > maxFields) return "wide"
  if (long.open && !final) return "more"
  // Quotes that do not fit may swallow lines: the record is then the line.
  const record =
    long.flaw === undefined || long.fields.length === width ? long : splitRecord(view, 0, dialect, { multiline: false, maxFields })
  if (isBlank(record)) return "blank"
  if (record.flaw === "unclosed") return rejected(record, csvError("csv.unclosed_quote", unclosedQuote), options)
  if (record.fields.length === width) {
    const { fields, end, next, flaw } = record
    if (lineEndAt(view, end, dialect) === 0 && end < view.length)
      return { fields, end, next, issue: csvWarning("csv.line_end", loneCrEnds, 0.9) }
    const stray = "A quote within a quoted field is not doubled; it is read as part of the text."
    return { fields, end, next, issue: flaw === undefined ? undefined : csvWarning("csv.stray_quote", stray, 0.8) }
  }
  const other = record.flaw === undefined ? otherReading(view, record, options) : undefined
  if (other !== undefined) return other
  const { length } = record.fields
  const message = `The record has ${length} ${length === 1 ? "field" : "fields"}, the others ${width}.`
  return rejected(record, options.keepRagged ? csvWarning("row.ragged", message, 1) : csvError("row.ragged", message), options)
}

function isBlank({ fields, quoted }: SplitRecord): boolean {
  return fields.length === 1 && quoted[0] !== true && fields[0]?.trim() === ""
}

function rejected(record: SplitRecord, issue: Issue, { width }: RecoveryOptions): RecoveredRecord {
  return { fields: record.fields.slice(0, width), end: record.end, next: record.next, issue }
}

function otherReading(view: string, record: SplitRecord, options: RecoveryOptions): RecoveredRecord | undefined {
  const { fields, end, next } = record
  const take = (taken: readonly string[], code: string, message: string, at = { end, next }): RecoveredRecord => ({
    fields: taken,
    end: at.end,
    next: at.next,
    issue: csvWarning(code, message, 0.9),
  })
  if (hasStrayDelimiter(fields, options)) return undefined
  const trailing = withoutTrailing(fields, options)
  if (trailing !== undefined) return take(trailing, "csv.trailing_delimiter", "The record ends with delimiters that no column follows.")
  const alone = untilLoneCr(view.slice(0, end), options)
  if (alone !== undefined) return take(alone.fields, "csv.line_end", loneCrEnds, alone)
  const merged = merge(record, options)
  if (merged !== undefined)
    return take(merged, "csv.unquoted_delimiter", "A field holds delimiters and no quotes; the other columns prove which.")
  const delimited = byOtherDelimiter(view.slice(0, end), options)
  if (delimited !== undefined) return take(delimited, "csv.other_delimiter", "The record has another delimiter than the others.")
  return undefined
}

/** Whether an empty field may be one too many: a delimiter that slipped in cannot be told from one that belongs to a field beside it. */
function hasStrayDelimiter(fields: readonly string[], { width, proof }: RecoveryOptions): boolean {
  if (fields.length !== width + 1) return false
  return fields.some(
    (field, at) => field === "" && at < width && proof.fits([...fields.slice(0, at), ...fields.slice(at + 1)]) !== undefined,
  )
}

/** Empty fields beyond the last column, where those before stand in their places. */
function withoutTrailing(fields: readonly string[], { width, proof }: RecoveryOptions): readonly string[] | undefined {
  if (fields.length <= width || fields.slice(width).some((field) => field.trim() !== "")) return undefined
  const kept = fields.slice(0, width)
  return (proof.fits(kept) ?? 0) > 0 && kept.at(-1) !== "" ? kept : undefined
}

/** Two records that a lone CR parts, among lines that end in LF. */
function untilLoneCr(line: string, { dialect, width, maxFields }: RecoveryOptions): SplitRecord | undefined {
  if (dialect.lineEnd === "\r" || !line.includes("\r")) return undefined
  const parts: Dialect = { ...dialect, lineEnd: "\r" }
  const first = splitRecord(line, 0, parts, { maxFields })
  const second = splitRecord(line, first.next, parts, { maxFields })
  return first.fields.length === width && second.fields.length === width && first.flaw === undefined ? first : undefined
}

/** The only way of joining neighbours that puts every field into a column that it fits. */
function merge({ fields, quoted }: SplitRecord, { dialect, width, proof }: RecoveryOptions): readonly string[] | undefined {
  const surplus = fields.length - width
  if (surplus <= 0 || surplus > 8 || width < 2) return undefined
  let found: readonly string[] | undefined
  let most = 0
  for (let at = 0; at < width; at++) {
    const parts = fields.slice(at, at + surplus + 1)
    // What was quoted is whole, and a field does not begin or end with a delimiter.
    if (quoted.slice(at, at + surplus + 1).includes(true) || parts[0] === "" || parts.at(-1) === "") continue
    const joined = [...fields.slice(0, at), parts.join(dialect.delimiter), ...fields.slice(at + surplus + 1)]
    const proofs = proof.fits(joined)
    if (proofs === undefined) continue
    if (found !== undefined) return undefined
    found = joined
    most = proofs
  }
  return most > 0 ? found : undefined
}

/** A record that another delimiter splits into fields that fit. */
function byOtherDelimiter(line: string, { dialect, width, proof, maxFields }: RecoveryOptions): readonly string[] | undefined {
  if (width < 2) return undefined
  let found: readonly string[] | undefined
  for (const delimiter of otherDelimiters) {
    const bytes = byteView(delimiter)
    if (bytes === dialect.delimiter) continue
    const { fields, flaw } = splitRecord(
      line,
      0,
      { ...dialect, delimiter: bytes, padded: false, collapsed: false },
      { multiline: false, maxFields },
    )
    if (fields.length !== width || flaw !== undefined || (proof.fits(fields) ?? 0) === 0) continue
    if (found !== undefined) return undefined
    found = fields
  }
  return found
}
