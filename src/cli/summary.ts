import { counted } from "../errors/counted.ts"
import { shownText } from "../errors/shown-text.ts"
import { dimensions } from "../model/dimension.ts"
import { fileName } from "../model/file-name.ts"
import type { LoadChanges } from "../model/load-changes.ts"
import type { Origin } from "../model/origin.ts"
import { reasonText } from "../model/reason-text.ts"
import type { Reject } from "../model/reject.ts"
import type { DeliveryReport, RowCounts, RunReport } from "../model/run-report.ts"
import type { Scorecard } from "../model/scorecard.ts"
import { changeLines } from "./change-lines.ts"
import { columnLines } from "./column-lines.ts"
import { commandText } from "./command-remedy.ts"
import { doubtLines } from "./doubt-lines.ts"

/** What the summary shows besides the report. */
export interface SummaryOptions {
  /** Where rows went, such as `pglite:.rowgate/db, table orders`. */
  readonly target: string
  /** Where the rows and the rejects can be seen, one line each. */
  readonly look: readonly string[]
  /** What the delivered file is called. Default: by its URI. */
  readonly file?: string | undefined
  /** The files that were not loaded because of a failure, one line each. Default: none. */
  readonly unloaded?: readonly string[] | undefined
  /** Whether to show what normalizing changed. Default: false. */
  readonly explain?: boolean | undefined
  /** Some rejected rows of a file, to show why. Default: none. */
  readonly examples?: ((uri: string) => readonly Reject[]) | undefined
}

// A usual summary fits a screen of 24 lines.
const mostReasons = 3
const mostLosses = 2
/** A reason of the database or of a schema may quote a whole cell. */
const mostOfReason = 200
const outcomes = {
  loaded: "loaded",
  duplicate: "loaded before, nothing to do",
  refused: "refused",
  dry: "only planned, nothing loaded",
} as const

/** The result of a run for a person: each file with its counts, its score by dimension, and why rows were rejected. */
export function summaryLines(
  report: RunReport,
  { target, look, explain = false, file, unloaded = [], examples = () => [] }: SummaryOptions,
): readonly string[] {
  const lines = report.deliveries.flatMap((delivery) => [
    "",
    ...deliveryLines(delivery, file ?? fileName(delivery.uri), explain),
    ...exampleLines(examples(delivery.uri)),
  ])
  if (report.deliveries.length > 1) lines.push("", `all ${report.deliveries.length} files: ${countsText(report)}`)
  if (unloaded.length > 0) lines.push("", ...unloaded)
  return [`${report.pipeline} -> ${target}`, ...lines, ...(look.length > 0 ? ["", ...look] : []), ""]
}

function deliveryLines(delivery: DeliveryReport, file: string, explain: boolean): string[] {
  const { outcome, reason, duplicateOf, score, notices, changes } = delivery
  const columns = columnLines(delivery)
  // A column that the whole file lacks is null in every row, which no rule may count.
  const missing = notices.filter(({ code }) => code === "column.missing")
  const others = notices.filter(({ code }) => code !== "column.missing")
  const why = duplicateOf === undefined ? reason : `by delivery ${duplicateOf}`
  return [
    `${file}: ${outcomes[outcome]}${why === undefined ? "" : ` (${why})`}`,
    `  ${countsText(delivery)}`,
    ...missing.map(({ message }) => `  missing: ${commandText(message)}`),
    ...skippedLine(delivery),
    ...(changes === undefined ? [] : loadLines(changes)),
    ...columns,
    ...readingDoubts(delivery),
    ...(explain ? changeLines(delivery) : []),
    ...others
      .filter(({ code }) => code !== "column.kind" || columns.length === 0)
      .map(({ message, row }) => `  note: ${commandText(message)}${row === undefined ? "" : ` (row ${row})`}`),
    ...(score === undefined ? [] : scoreLines(score, missing.length, delivery.read)),
    ...(score === undefined || !isRefusedByDatabase(delivery)
      ? []
      : ["    of the rows as they were read; what the database refused does not count"]),
    ...reasonLines(delivery),
  ]
}

/** A line for each doubt. Files of a zip may share one. */
function readingDoubts({ plan }: DeliveryReport): string[] {
  return [...new Set(Object.values(Object(plan["dialects"])).flatMap(doubtLines))].map((line) => `  ${line}`)
}

function skippedLine({ skippedAbove = 0, plan }: DeliveryReport): string[] {
  if (skippedAbove === 0) return []
  const isWorkbook = Object.values(Object(plan["dialects"])).some((facts) => Object(facts).format === "xlsx")
  const noun = `${isWorkbook ? "row" : "line"}${skippedAbove === 1 ? " is" : "s are"}`
  return [`  ${whole(skippedAbove)} ${noun} in no table`]
}

function loadLines({ migrations = [], ddl, inserted, updated, deleted }: LoadChanges): string[] {
  const statements = ddl.flatMap((statement) => sqlLines(`${statement};`))
  return [
    "  would change",
    ...migrations.map((step) => `    the ledger: ${step}`),
    ...statements.map((line) => `    ${line}`),
    `    ${counted(inserted, "row")} added, ${whole(updated)} changed, ${whole(deleted)} removed`,
  ]
}

/** A line end within a quoted name is part of the name. */
function sqlLines(statement: string): readonly string[] {
  return statement.match(/(?:"[^"]*"|[^"\n])+/g) ?? []
}

function countsText(counts: RowCounts): string {
  const others = (["rejected", "filtered", "superseded", "skipped", "withheld"] as const).filter((name) => counts[name] > 0)
  const parts = [`${counted(counts.read, "row")} read`, `${whole(counts.loaded)} loaded`]
  return [...parts, ...others.map((name) => `${whole(counts[name])} ${name}`)].join(", ")
}

function scoreLines(score: Scorecard, missing: number, read: number): string[] {
  const { overall, coverage, provisional, rowsPassed } = score
  const points =
    overall === null ? " none, nothing could be assessed" : isPerfect(overall, provisional) ? ": no losses" : ` ${decimal(overall)} of 100`
  const rows = rowsPassed === null ? "" : rowsPassed === 100 ? ", all rows passed" : `, ${decimal(rowsPassed)} % of the rows passed`
  const assessed = `${coverage.toFixed(0)} % of the weight assessed${suspectText(score, read)}${provisional ? "; no reviewed contract" : ""}`
  const lacking = missing === 0 ? "" : `; the file lacks ${counted(missing, "declared column")}`
  return [
    `  ${provisional ? "provisional score" : "score"}${points}${rows} (${assessed}${lacking})`,
    ...dimensionLine(score),
    ...score.lost
      .slice(0, mostLosses)
      .map(
        ({ points, column, rule, rows }) =>
          `    -${points.toFixed(2)} points: ${column === "" ? "" : `${column}, `}${rule} (${counted(rows, "row")})`,
      ),
  ]
}

/** All dimensions on one line, because six would push the rejects off the screen. */
function dimensionLine(score: Scorecard): string[] {
  const assessed = dimensions.flatMap((name) => {
    const one = score.dimensions[name]
    return one === undefined ? [] : [`${name} ${isPerfect(one.score, score.provisional) ? "no losses" : decimal(one.score)}`]
  })
  const others = dimensions.filter((name) => score.dimensions[name] === undefined)
  const parts = [assessed.join(", "), ...(others.length === 0 ? [] : [`not assessed: ${others.join(", ")}`])]
  return [`    ${parts.filter((part) => part !== "").join("; ")}`]
}

/** How many cells are suspect, if the rows were searched. Few rows say nothing, so they are not searched. */
function suspectText({ suspected }: Scorecard, read: number): string {
  if (suspected === undefined) return ""
  const { cells, rows } = suspected
  const count = cells === 0 ? "no cell is suspect" : `${counted(cells, "cell")} ${cells === 1 ? "is" : "are"} suspect`
  return `; ${count}${rows < read ? ` in a sample of ${counted(rows, "row")}` : ""}`
}

function isRefusedByDatabase({ issues }: DeliveryReport): boolean {
  return Object.keys(issues).some((code) => code.startsWith("postgres."))
}

/** Rules that nobody has reviewed may miss anything, so rows that break none of them are not called perfect. */
function isPerfect(score: number, provisional: boolean): boolean {
  return provisional && score === 100
}

/** One decimal. Only 100 itself is shown as 100.0. */
function decimal(percent: number): string {
  return percent < 100 ? Math.min(99.9, percent).toFixed(1) : percent.toFixed(1)
}

function reasonLines({ issues, rejected }: DeliveryReport): string[] {
  const reasons = Object.entries(issues).sort(([, one], [, other]) => other - one)
  if (reasons.length === 0) return []
  const shown = reasons.slice(0, mostReasons).map(([code, times]) => `    ${whole(times).padStart(6)}  ${code}`)
  if (reasons.length > mostReasons) shown[mostReasons - 1] += `, and ${counted(reasons.length - mostReasons, "other reason")}`
  return [`  ${rejected > 0 ? "why rows were rejected" : "what was noticed"}`, ...shown]
}

/** One line for each row, with its reasons, which may quote cells. */
function exampleLines(rejects: readonly Reject[]): string[] {
  if (rejects.length === 0) return []
  return ["  for example", ...rejects.map(({ origin, issues }) => `    ${placeOf(origin)}: ${reasonsText(issues)}`)]
}

/** The first reasons. A row of totals breaks the rules of most columns. */
function reasonsText(issues: Reject["issues"]): string {
  const shown = issues.slice(0, mostReasons).map((issue) => shownText(reasonText(issue), mostOfReason))
  return [...shown, ...(issues.length > mostReasons ? [`and ${issues.length - mostReasons} more`] : [])].join("; ")
}

function placeOf({ address, line, row }: Origin): string {
  return address ?? (line === undefined ? `row ${row}` : `line ${line}`)
}

function whole(value: number): string {
  return value.toLocaleString("en-US")
}
