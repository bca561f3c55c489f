import type { JsonValue } from "../../../model/json-value.ts"
import { expectedHeader } from "../../header/expected-header.ts"
import { splitRecord } from "../scan/split-record.ts"
import { findComment, withoutComments } from "./comment-lines.ts"
import { byteView, type Dialect, lineEndAt, plainDialect, textOfView } from "./dialect.ts"
import { partsHeader } from "./parts-header.ts"
import { quotedDelimiter } from "./quoted-delimiter.ts"
import { type DialectScore, scoreDialect } from "./score-dialect.ts"
import { isEvident } from "./weak-delimiter.ts"

/** The parts of a dialect that the caller declares. Undefined means to detect it; null means that the file has none. */
export interface DeclaredDialect {
  readonly delimiter?: string | null | undefined
  readonly quote?: string | null | undefined
  readonly escape?: string | null | undefined
  readonly lineEnd?: "\n" | "\r" | undefined
  readonly comment?: string | null | undefined
  readonly padding?: boolean | undefined
  readonly collapsed?: boolean | undefined
}

/** One finding about a file, with the reason for it. */
export interface Fact {
  readonly value: JsonValue
  /** From 0 to 1; 1 if it was declared. */
  readonly confidence: number
  readonly evidence: string
}

/** The dialect of a file, with the evidence for it. */
export interface DetectedDialect {
  readonly dialect: Dialect
  /** How many fields most records of the sample have. */
  readonly width: number
  /** How many records of the sample have quoted fields and no misplaced quote. */
  readonly enclosed: number
  readonly facts: { readonly [fact: string]: Fact }
}

/** How likely each character is to be the delimiter. Characters of dates, numbers and addresses are not candidates. */
const delimiters: ReadonlyMap<string, number> = new Map([
  [",", 1],
  [";", 1],
  ["\t", 1],
  ["|", 1],
  ["~", 0.95],
  ["^", 0.95],
  ["\u0001", 0.95],
  ["\u001f", 0.95],
  ["§", 0.95],
  ["¦", 0.95],
  ["¬", 0.95],
  [":", 0.8],
  [" ", 0.75],
  ["#", 0.7],
  ["&", 0.7],
  ["*", 0.7],
  ["!", 0.7],
  ["=", 0.65],
])

/** A delimiter less likely than this needs evidence; without it, a table of one column is likelier. */
const leastExpected = 0.9
const withoutEvidence = 0.02
/** For a dialect that leaves the quotes around fields, and the delimiters between them, in the fields. */
const againstQuotes = 0.1
const againstTabs = 0.5

const emptyFieldsLikely: ReadonlySet<string> = new Set([",", ";", "\t", " "])

/** How many characters of the sample are analysed: enough lines to decide, too few to notice the time. If lines are long, it is a few of them. */
const lookedAt = 48 * 1024
const mostLookedAt = 256 * 1024

/** Finds the dialect that best explains a sample. `complete`: the sample is the whole file. */
export function detectDialect(
  sample: string,
  complete: boolean,
  declared: DeclaredDialect = {},
  headers: ReadonlySet<string> | undefined = undefined,
): DetectedDialect {
  const lineEnd = declared.lineEnd ?? findLineEnd(sample)
  const { view, whole } = cut(sample, complete, lineEnd)
  const prefix = declared.comment === undefined ? "#" : (declared.comment ?? undefined)
  const { rest, comments } = withoutComments(view, prefix, lineEnd)
  const table = rest === "" ? view : rest
  const base: Dialect = { ...plainDialect, lineEnd }
  const regular = regularCharacters(table)
  const dialects = candidates(table, base, declared)
  const separated = dialects.some(({ delimiter }) => delimiter === " ") && isSeparated(table)
  const scored = (dialect: Dialect) => scoreDialect(table, whole, dialect, regular)
  const between = declared.delimiter === undefined ? quotedDelimiter(table, base) : undefined
  const scores = dialects
    .map(scored)
    .map((found) =>
      between === undefined || between === found.dialect.delimiter ? found : { ...found, score: found.score * againstQuotes },
    )
    .flatMap((found) => (declared.quote === undefined && isLiteral(found) ? [found, scored(withoutQuotes(found.dialect))] : [found]))
    .map((found) => weighed(found, declared, table, separated))
    .map((found) => (keepsTabs(found, regular, declared) ? { ...found, score: found.score * againstTabs } : found))
    .map((found) => {
      if (namesExpected(table, found.dialect, headers)) return { ...found, score: found.score * 4 }
      return isDoubtful(found, declared) && !isEvident(found, table) ? { ...found, score: found.score * withoutEvidence } : found
    })
    .sort((a, b) => b.score - a.score)
  const best = scores[0] ?? scoreDialect(table, whole, base, "")
  const comment = declared.comment === undefined ? findComment(comments, best, table, view) : (declared.comment ?? undefined)
  // Lines that are rows after all may hold the beginning of a record that goes on below.
  if (comment === undefined && comments.length > 0 && declared.comment === undefined && best.width > 1) {
    const again = detectDialect(sample, complete, { ...declared, comment: null }, headers)
    if (again.width === best.width) return again
  }
  const dialect = { ...best.dialect, comment }
  return { dialect, width: best.width, enclosed: best.enclosed, facts: factsOf(dialect, best, scores, comments, declared, view, between) }
}

/** Whether more quotes are misplaced than enclose a field. Then they may be text throughout, also where they seem to enclose a field. */
function isLiteral({ dialect, flawed, enclosed }: DialectScore): boolean {
  return dialect.quote === '"' && dialect.escape === undefined && enclosed > 0 && flawed > enclosed
}

/** Whether fields keep the tabs that all lines have, as many in each. A key of several parts may have commas before the first tab. */
function keepsTabs({ dialect: { delimiter } }: DialectScore, regular: string, declared: DeclaredDialect): boolean {
  return declared.delimiter === undefined && delimiter !== undefined && !delimiter.includes("\t") && regular.includes("\t")
}

/** Whether the delimiter is a character that texts and times contain. */
function isDoubtful({ dialect: { delimiter } }: DialectScore, declared: DeclaredDialect): boolean {
  return delimiter !== undefined && declared.delimiter === undefined && expectation(textOfView(delimiter)) < leastExpected
}

function withoutQuotes(dialect: Dialect): Dialect {
  return { ...dialect, quote: undefined }
}

/** The part of the sample that is analysed, up to the end of a line. */
function cut(sample: string, complete: boolean, lineEnd: string): { view: string; whole: boolean } {
  if (sample.length <= lookedAt) return { view: sample, whole: complete }
  const end = sample.lastIndexOf(lineEnd, lookedAt)
  return { view: end < lookedAt / 2 ? sample.slice(0, mostLookedAt) : sample.slice(0, end + 1), whole: false }
}

/** Whether one of the first lines has the names that the pipeline expects, split by this dialect. */
function namesExpected(view: string, dialect: Dialect, headers: ReadonlySet<string> | undefined): boolean {
  if (headers === undefined || headers.size === 0) return false
  const rows: string[][] = []
  for (let at = 0; at < view.length && rows.length < 20; ) {
    const record = splitRecord(view, at, dialect)
    rows.push(record.fields.map(textOfView))
    at = record.next
  }
  return expectedHeader(rows, headers) !== undefined
}

/** How the lines of a text end: in LF or CR LF, or in a lone CR. */
export function findLineEnd(sample: string): "\n" | "\r" {
  const head = sample.slice(0, 4 * lookedAt)
  const lf = head.split("\n").length - 1
  const cr = head.split(/\r(?!\n)/).length - 1
  // Among lines that end in LF, a lone CR is data or damage to one row. Among lone CRs, a lone LF is.
  return cr > lf ? "\r" : "\n"
}

function candidates(view: string, base: Dialect, declared: DeclaredDialect): Dialect[] {
  const quotes = declared.quote === undefined ? likelyQuotes(view) : [declared.quote ?? undefined]
  const found: Dialect[] = []
  for (const delimiter of declared.delimiter === undefined ? likelyDelimiters(view) : [declared.delimiter ?? undefined]) {
    const bytes = delimiter === undefined ? undefined : byteView(delimiter)
    for (const quote of quotes) {
      const escapings = declared.escape === undefined ? likelyEscapes(view, quote) : [declared.escape ?? undefined]
      for (const escaping of escapings) {
        found.push(...spacings(view, { ...base, delimiter: bytes, quote, escape: escaping }, declared))
      }
    }
  }
  return found
}

/** The dialect with and without ignored spaces, as far as they are likely or declared. */
function spacings(view: string, dialect: Dialect, declared: DeclaredDialect): Dialect[] {
  const { delimiter } = dialect
  if (delimiter === undefined) return [dialect]
  const aligned = delimiter === " " && view.includes("  ")
  const spaced = delimiter !== " " && paddedShare(view, delimiter) > 0.5
  const choices = (said: boolean | undefined, likely: boolean) => (said === undefined ? (likely ? [false, true] : [false]) : [said])
  return choices(declared.collapsed, aligned).flatMap((collapsed) =>
    choices(declared.padding, spaced).map((padded) => ({ ...dialect, collapsed, padded: padded && delimiter !== " " })),
  )
}

/** Characters that appear in at least a third of the lines. A character that hardly ever appears alone is doubled. */
function likelyDelimiters(view: string): (string | undefined)[] {
  const lines = view.split(/[\r\n]+/).filter((line) => line !== "")
  const likely: (string | undefined)[] = [undefined]
  for (const delimiter of delimiters.keys()) {
    const bytes = byteView(delimiter)
    const count = lines.filter((line) => line.includes(bytes)).length
    if (count * 3 < lines.length || count === 0) continue
    const doubled = lines.filter((line) => line.includes(bytes + bytes)).length
    // Commas also come in pairs because of empty fields; a pair of another character is meant as one delimiter.
    const pairs = !emptyFieldsLikely.has(delimiter) && doubled * 3 >= lines.length
    const alone = lines.some((line) => line.replaceAll(bytes + bytes, "").includes(bytes))
    if (pairs) likely.push(delimiter + delimiter)
    if (!pairs || alone) likely.push(delimiter)
  }
  return likely
}

/** Characters that appear equally often in every line. If another character is the delimiter, fields are unlikely to contain them. */
function regularCharacters(view: string): string {
  const lines = view
    .split(/[\r\n]+/)
    .filter((line) => line !== "")
    .slice(0, 100)
  return [...delimiters.keys()]
    .filter((delimiter) => {
      const bytes = byteView(delimiter)
      const counts = lines.map((line) => line.split(bytes).length - 1)
      // One space in each line may be part of a name.
      return lines.length >= 3 && (counts[0] ?? 0) > (delimiter === " " ? 1 : 0) && counts.every((count) => count === counts[0])
    })
    .join("")
}

function likelyQuotes(view: string): (string | undefined)[] {
  const likely = ['"', "'", "`"].filter((quote) => {
    const opening = new RegExp(`(?:^|[^\\w\\s${quote}]\\s*|\\s)${quote}`, "m").test(view)
    return opening && new RegExp(`${quote}(?:$|\\s*[^\\w\\s${quote}]|\\s)`, "m").test(view)
  })
  return likely.length === 0 ? ['"'] : likely.includes('"') ? likely : ['"', ...likely]
}

function likelyEscapes(view: string, quote: string | undefined): (string | undefined)[] {
  return quote !== undefined && view.includes(`\\${quote}`) ? [undefined, "\\"] : [undefined]
}

/** The share of delimiters that a space follows, or that one precedes if those are more; 1 if a quote follows such a space. */
function paddedShare(view: string, delimiter: string): number {
  if (view.includes(`${delimiter} "`) || view.includes(`${delimiter} '`)) return 1
  const all = view.split(delimiter).length - 1
  const most = Math.max(view.split(`${delimiter} `).length, view.split(` ${delimiter}`).length) - 1
  return all === 0 ? 0 : most / all
}

/** Weighs the score by how likely the delimiter is. Among equal scores the plainer dialect wins. */
function weighed(scored: DialectScore, declared: DeclaredDialect, view: string, separated: boolean): DialectScore {
  const { delimiter, quote, escape: escaping, padded, collapsed } = scored.dialect
  const expected = delimiter === undefined || declared.delimiter !== undefined ? 1 : expectation(textOfView(delimiter))
  // Spaces separate words. They are not delimiters if the fields are not values, or if the lines have another delimiter.
  const words = expected < 1 && delimiter === " " && (scored.values < 0.1 || separated) ? 0.6 : 1
  // Commas between digits, below a first line without a comma, are decimal commas.
  const decimal =
    expected === 1 && delimiter === "," && !(view.split(/[\r\n]/, 1)[0] ?? "").includes(",") && !/\D,|,\D/.test(view) ? 0.6 : 1
  const headed = delimiter === undefined && /^[\r\n]*[^\r\n"]*[^\s"][,;\t|][^\s"]/.test(view) ? 0.7 : 1
  const padding = padded ? (paddedShare(view, delimiter ?? "") > 0.95 ? 1.01 : 0.999) : 1
  const apostrophes = declared.quote === undefined && quote !== '"' && quote !== undefined && scored.enclosed <= scored.flawed ? 0 : 1
  const plain = apostrophes * (quote === '"' ? 1 : 0.998) * (escaping === undefined ? 1 : 0.998) * (collapsed ? 0.9 : 1)
  const header = declared.delimiter !== undefined || partsHeader(view, scored.dialect) ? 1 : 0.3
  return { ...scored, score: scored.score * expected * words * decimal * headed * plain * padding * header }
}

/** Whether nearly all lines contain a more likely delimiter than a space, outside of quotes and decimals. */
function isSeparated(view: string): boolean {
  const lines = view
    .replace(/"[^"]*"/g, "")
    .split(/[\r\n]+/)
    .filter((line) => line !== "")
  return lines.filter((line) => /[;\t|]|\D,|,\D/.test(line)).length >= 0.9 * lines.length
}

function expectation(delimiter: string): number {
  return delimiters.get(delimiter) ?? (delimiters.get(delimiter.charAt(0)) ?? 1) * 0.98
}

function factsOf(
  dialect: Dialect,
  best: DialectScore,
  scores: readonly DialectScore[],
  comments: readonly string[],
  declared: DeclaredDialect,
  view: string,
  between: string | undefined,
): { [fact: string]: Fact } {
  const rival = scores.find((score) => score.dialect.delimiter !== dialect.delimiter)
  const lead = rival === undefined || best.score === 0 ? 1 : 1 - rival.score / best.score
  const share = `${Math.round(best.consistency * 100)}% of ${best.records} records have ${best.width} ${best.width === 1 ? "field" : "fields"}`
  const shown = (character: string | undefined) => (character === undefined ? null : textOfView(character))
  const fact = (value: JsonValue, isDeclared: boolean, confidence: number, evidence: string): Fact =>
    isDeclared
      ? { value, confidence: 1, evidence: "declared" }
      : { value, confidence: Math.round(Math.min(1, Math.max(0, confidence)) * 100) / 100, evidence }
  const against = rival === undefined ? "" : `; next best: ${nameOf(shown(rival.dialect.delimiter))}`
  const isBetween = between !== undefined && between === dialect.delimiter
  const certainty = Math.max(best.consistency * (0.5 + 0.5 * lead), isBetween ? 0.9 : 0)
  const quotes = view.split(dialect.quote ?? '"').length - 1
  const facts: { [name: string]: Fact } = {
    delimiter: fact(
      shown(dialect.delimiter),
      declared.delimiter !== undefined,
      certainty,
      share + (isBetween ? "; it stands between quoted fields" : "") + against,
    ),
    quote: fact(
      shown(dialect.quote),
      declared.quote !== undefined,
      quotes > 0 ? 1 - best.flawed / best.records : 0.5,
      quotes === 0 ? "none in the sample" : `${quotes} in the sample${dialect.quote === undefined ? ", and few enclose a field" : ""}`,
    ),
    escape: fact(
      shown(dialect.escape ?? dialect.quote),
      declared.escape !== undefined,
      quotes > 0 ? 0.9 : 0.5,
      dialect.escape === undefined ? "quotes are doubled" : "quotes follow a backslash",
    ),
    lineEnd: fact(lineEndName(view, dialect), declared.lineEnd !== undefined, 1, "counted in the sample"),
  }
  if (dialect.comment !== undefined)
    facts["comment"] = fact(dialect.comment, declared.comment !== undefined, 0.9, `${comments.length} lines begin with it`)
  if (dialect.padded) facts["padding"] = fact(true, declared.padding !== undefined, 0.9, "spaces stand around the delimiters")
  if (dialect.collapsed) facts["collapsed"] = fact(true, declared.collapsed !== undefined, 0.9, "fields are aligned with several spaces")
  return facts
}

function nameOf(delimiter: string | null): string {
  if (delimiter === null) return "one column"
  return delimiter === "\t" ? "tab" : delimiter === " " ? "space" : `"${delimiter}"`
}

function lineEndName(view: string, dialect: Dialect): string {
  for (let at = 0; at < view.length; at++) {
    const length = lineEndAt(view, at, dialect)
    if (length > 0) return view.slice(at, at + length) === "\r\n" ? "CRLF" : view.charAt(at) === "\n" ? "LF" : "CR"
  }
  return "none"
}
