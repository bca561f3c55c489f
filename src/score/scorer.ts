import { dayMs } from "../cells/civil-date.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Column } from "../model/column.ts"
import type { Dimension } from "../model/dimension.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { countFilled } from "./count-filled.ts"
import { type BookedRule, type CellLoss, type RowVerdict, verdictOf } from "./row-verdict.ts"
import { type JudgedCell, RowWeights } from "./row-weights.ts"
import { judgedColumns, type Ruleset, recordedColumns, timelinessRule } from "./ruleset.ts"
import { microUnits, Tally } from "./tally.ts"
import type { Weights } from "./weights.ts"

/** A cell with the names of all rules that judge it. */
interface RuledCell extends JudgedCell {
  readonly rules: readonly string[]
}

/** What several rows share: an issue, and the weights of their cells. */
interface Alike {
  readonly issue: Issue
  readonly weights: RowWeights
  readonly verdict: RowVerdict
  readonly quality: number
  /** How many rows are not booked yet. */
  rows: number
}

/**
 * Records the losses of batches. Only rows with issues, empty cells of expected columns, and old events take time: a clean row is only
 * counted.
 */
export class Scorer {
  readonly tally = new Tally()
  readonly #ruleset: Ruleset
  readonly #asOf: number
  readonly #booked = new Map<string, BookedRule>()
  readonly #cells: readonly RuledCell[]
  readonly #columns: ReadonlySet<string>
  readonly #weights: RowWeights
  readonly #powers = { lateness: new Float64Array(1021), losses: new Float64Array(1021) }
  /** In the current batch, the weights of rows in which some cells are not judged. */
  #ownWeights = new Map<number, RowWeights>()
  #alike: Alike | undefined

  /** Throws `CONFIG_INVALID` if `asOf` is not a valid date. */
  constructor(ruleset: Ruleset, weights: Weights, asOf: Date) {
    this.#ruleset = ruleset
    this.#columns = new Set(ruleset.columns)
    this.#asOf = asOf.getTime()
    if (Number.isNaN(this.#asOf)) throw invalidInstant()
    const judged = judgedColumns(ruleset)
    for (const rule of ruleset.rules) {
      const columns = recordedColumns(rule).filter((column) => judged.get(rule.dimension)?.has(column))
      this.#booked.set(rule.name, { dimension: rule.dimension, named: rule.columns, columns })
    }
    this.#cells = cellsOf(judged, this.#booked)
    this.#weights = new RowWeights(this.#cells, weights)
  }

  /** Scores a batch after all stages and sets `batch.quality`. */
  add(batch: TableBatch): void {
    countFilled(this.tally, batch, this.#columns)
    this.rate(batch)
  }

  /** Sets `batch.quality`, and counts nothing about columns: for batches of which nobody asks for a scorecard. */
  rate(batch: TableBatch): void {
    this.tally.addRows(batch.length - batch.filtered, batch.selection.size)
    const { timeliness, expected } = this.#ruleset
    const times = timeliness && timesOf(batch.column(timeliness.column))
    this.#leave(batch, timeliness === undefined ? undefined : undatedRows(batch, batch.column(timeliness.column), times))
    const quality = new Float64Array(batch.length).fill(100)
    for (const row of batch.issues.rows()) {
      if (batch.dropped(row)) continue
      const only = batch.issues.only(row)
      if (only !== undefined) quality[row] = this.#shared(only, this.#weightsOf(row))
      else this.#bookRow(batch.issues.found(row), quality, row)
    }
    this.#bookShared()
    for (const column of expected) this.#addExpected(batch, column, quality)
    if (timeliness !== undefined && times !== undefined) this.#addTimeliness(batch, timeliness, times, quality)
    batch.quality = quality
    this.tally.worst.add(
      this.tally.worst.candidates(quality).map((row) => {
        const { row: number, address } = batch.origin(row)
        const losses = this.#lossesOf(batch, row, times)
        return { row: number, ...(address === undefined ? {} : { address }), quality: quality[row] ?? 0, losses }
      }),
    )
  }

  /** Everything that a row has lost. */
  #lossesOf(batch: TableBatch, row: number, times: Float64Array | undefined): readonly CellLoss[] {
    const losses = [...verdictOf(batch.issues.found(row), this.#booked).losses]
    for (const column of this.#ruleset.expected) {
      const rule = `expected.${column}`
      if (this.#booked.get(rule)?.columns.length === 0 || !this.#isMissing(batch, row, column)) continue
      losses.push({ dimension: "completeness", rule, column, lost: microUnits })
    }
    const { timeliness } = this.#ruleset
    const late = timeliness === undefined ? Number.NaN : this.#asOf - timeliness.slaDays * dayMs - (times?.[row] ?? Number.NaN)
    if (timeliness !== undefined && late > 0 && this.#booked.get(timelinessRule(timeliness.column))?.columns.length !== 0) {
      const { column, halfLifeDays } = timeliness
      losses.push({ dimension: "timeliness", rule: timelinessRule(column), column, lost: latenessLoss(late, halfLifeDays) })
    }
    return losses
  }

  /** Whether a cell of an expected column is empty and no issue explains it. */
  #isMissing(batch: TableBatch, row: number, column: string): boolean {
    return batch.column(column)?.nulls.has(row) !== false && !this.#isExplained(batch.issues.found(row), column)
  }

  #weightsOf(row: number): RowWeights {
    return this.#ownWeights.get(row) ?? this.#weights
  }

  /** Takes cells that no rule could judge out of the denominator. */
  #leave(batch: TableBatch, undated: ReadonlySet<number> | undefined): void {
    if (this.#ownWeights.size > 0) this.#ownWeights = new Map()
    if (batch.unjudged.isEmpty && (undated === undefined || undated.size === 0)) return
    const dated = this.#ruleset.timeliness && timelinessRule(this.#ruleset.timeliness.column)
    const rowsOf = (rule: string) => (rule === dated && undated !== undefined ? undated : batch.unjudged.by(rule))
    for (const name of this.#booked.keys()) {
      const rows = countOf(batch, rowsOf(name))
      if (rows > 0) this.tally.count(name, "unjudged", rows)
    }
    for (const cell of this.#cells) {
      const [first, ...others] = cell.rules.map(rowsOf)
      if (first === undefined || first.size === 0) continue
      let left = 0
      for (const row of first) {
        if (batch.dropped(row) || !others.every((rows) => rows.has(row))) continue
        left++
        this.#ownWeights.set(row, this.#weightsOf(row).without(cell))
      }
      if (left > 0) this.tally.leave(cell.dimension, cell.column, left)
    }
  }

  #bookRow(issues: Iterable<Issue>, quality: Float64Array, row: number): void {
    const verdict = verdictOf(issues, this.#booked)
    const weights = this.#weightsOf(row)
    for (const loss of verdict.losses) quality[row] = left(quality[row] ?? 0, loss, weights)
    this.#bookVerdict(verdict, 1)
  }

  /** The quality of a row whose only issue is this one. Rows that fail in the same way share an issue, so they are counted together. */
  #shared(issue: Issue, weights: RowWeights): number {
    if (this.#alike?.issue !== issue || this.#alike.weights !== weights) {
      this.#bookShared()
      const verdict = verdictOf([issue], this.#booked)
      const quality = verdict.losses.reduce((rest, loss) => left(rest, loss, weights), 100)
      this.#alike = { issue, weights, verdict, quality, rows: 0 }
    }
    this.#alike.rows++
    return this.#alike.quality
  }

  #bookShared(): void {
    if (this.#alike === undefined || this.#alike.rows === 0) return
    this.#bookVerdict(this.#alike.verdict, this.#alike.rows)
    this.#alike.rows = 0
  }

  #bookVerdict({ losses, rules, rejecting }: RowVerdict, rows: number): void {
    for (const { dimension, rule, column, lost } of losses) this.tally.add(dimension, rule, column, lost * rows, rows)
    for (const [rule, found] of rules) this.tally.count(rule, found, rows)
    for (const rule of rejecting) {
      this.tally.count(rule, "rejected", rows)
      if (rejecting.size === 1) this.tally.count(rule, "alone", rows)
    }
  }

  /** An empty cell costs completeness, unless an issue already explains it: the cell could not be read, or is required. */
  #addExpected(batch: TableBatch, column: string, quality: Float64Array): void {
    // If the column is missing, all of its cells are empty.
    const nulls = batch.column(column)?.nulls
    if (nulls?.count === 0) return
    const rule = `expected.${column}`
    if (this.#booked.get(rule)?.columns.length === 0) return
    let rows = 0
    for (let row = 0; row < batch.length; row++) {
      if (nulls?.has(row) === false || batch.dropped(row) || this.#isExplained(batch.issues.found(row), column)) continue
      rows++
      quality[row] = Math.max(0, (quality[row] ?? 0) - this.#weightsOf(row).points("completeness", column))
    }
    if (rows === 0) return
    this.tally.add("completeness", rule, column, rows * microUnits, rows)
    this.tally.count(rule, "failed", rows)
  }

  /** Whether an empty cell has already lost: for a value that could not be read, or for being empty. */
  #isExplained(issues: Iterable<Issue>, column: string): boolean {
    for (const issue of issues) {
      const { dimension = "validity", columns = [] } = this.#booked.get(issue.rule) ?? {}
      if (
        dimension === "completeness"
          ? columns.includes(column)
          : dimension === "validity" && issue.severity === "error" && issue.column === column
      )
        return true
    }
    return false
  }

  /** 1 - 2^(-max(0, asOf - t - sla) / halfLife), for each row with a date. */
  #addTimeliness(
    batch: TableBatch,
    { column, slaDays, halfLifeDays }: NonNullable<Ruleset["timeliness"]>,
    times: Float64Array,
    quality: Float64Array,
  ): void {
    const rule = timelinessRule(column)
    if (this.#booked.get(rule)?.columns.length === 0) return
    const fresh = this.#asOf - slaDays * dayMs
    // Dates repeat, so a small table keeps the power of each distinct date.
    const { lateness, losses } = this.#powers
    const points = this.#weights.points("timeliness", column) / microUnits
    let lost = 0
    let rows = 0
    for (let row = 0; row < batch.length; row++) {
      const late: number = fresh - (times[row] ?? Number.NaN)
      if (!(late > 0) || batch.dropped(row)) continue
      const place = Math.floor(late / 1000) % lateness.length
      if (lateness[place] !== late) {
        lateness[place] = late
        losses[place] = latenessLoss(late, halfLifeDays)
      }
      const loss = losses[place] ?? 0
      lost += loss
      rows++
      const own = this.#ownWeights.get(row)
      quality[row] = Math.max(0, (quality[row] ?? 0) - (own === undefined ? points : own.points("timeliness", column) / microUnits) * loss)
    }
    if (rows === 0) return
    this.tally.add("timeliness", rule, column, lost, rows)
    this.tally.count(rule, "failed", rows)
  }
}

/** In millionths of a cell. */
function latenessLoss(late: number, halfLifeDays: number): number {
  return Math.round((1 - 2 ** (-late / (halfLifeDays * dayMs))) * microUnits)
}

/** The judged cells of a row. A table may have thousands of columns, so each rule is looked at once. */
function cellsOf(
  judged: ReadonlyMap<Dimension, ReadonlyMap<string, number>>,
  booked: ReadonlyMap<string, BookedRule>,
): readonly RuledCell[] {
  const rules = new Map<string, string[]>()
  for (const [name, { dimension, columns }] of booked) {
    for (const column of columns) {
      const cell = `${dimension}\0${column}`
      const names = rules.get(cell)
      if (names === undefined) rules.set(cell, [name])
      else names.push(name)
    }
  }
  return [...judged].flatMap(([dimension, columns]) =>
    Array.from(columns, ([column, counts]) => ({ dimension, column, counts, rules: rules.get(`${dimension}\0${column}`) ?? [] })),
  )
}

/** What a loss leaves of a row's quality. */
function left(quality: number, { dimension, column, lost }: CellLoss, weights: RowWeights): number {
  return Math.max(0, quality - (weights.points(dimension, column) * lost) / microUnits)
}

function countOf(batch: TableBatch, rows: ReadonlySet<number>): number {
  if (batch.filtered === 0) return rows.size
  let count = 0
  for (const row of rows) if (!batch.dropped(row)) count++
  return count
}

function timesOf(column: Column<unknown> | undefined): Float64Array | undefined {
  // A column of mixed values may contain dates.
  return column?.kind === "date" || column?.kind === "value" ? (column as Column<Date>).times() : undefined
}

/** The rows that have no date. */
function undatedRows(batch: TableBatch, column: Column<unknown> | undefined, times: Float64Array | undefined): ReadonlySet<number> {
  const undated = new Set<number>()
  if (column?.kind === "date" && column.nulls.count === 0) return undated
  for (let row = 0; row < batch.length; row++) if (column === undefined || Number.isNaN(times?.[row] ?? Number.NaN)) undated.add(row)
  return undated
}

function invalidInstant(): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: "The instant asOf, by which rows are judged, is an invalid date.",
    remedy: "Pass a valid Date as asOf, or leave it out to judge by the current time.",
  })
}
