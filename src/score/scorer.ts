import { dayMs } from "../cells/civil-date.ts"
import type { Column } from "../model/column.ts"
import type { Dimension } from "../model/dimension.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { judgedColumns, type Ruleset, recordedColumns, rowColumn } from "./ruleset.ts"
import { microUnits, Tally } from "./tally.ts"
import type { Weights } from "./weights.ts"

/** The share of a cell that a warning loses; an error loses the whole cell. The confidence of the finding scales both. */
const warningLoss = 0.5

/** Issues without a declared rule count for the row as a whole: a ragged line, or a failure in a custom stage. */
const undeclared = { dimension: "validity", columns: [rowColumn] } as const

/** The largest loss of a cell among the rules of one dimension. */
interface CellLoss {
  readonly dimension: Dimension
  readonly rule: string
  readonly column: string
  lost: number
}

/**
 * Records the losses of batches. Only rows with issues, empty cells of expected columns, and old events take time: a clean row is only
 * counted.
 */
export class Scorer {
  readonly tally = new Tally()
  readonly #ruleset: Ruleset
  readonly #asOf: number
  readonly #booked = new Map<string, { readonly dimension: Dimension; readonly columns: readonly string[] }>()
  readonly #powers = { lateness: new Float64Array(1021), losses: new Float64Array(1021) }
  /** How many points a row loses if it loses a whole cell, by dimension and recorded column. */
  readonly #rowPoints = new Map<string, number>()

  /** The issue that the last rows share, and how many of them are not booked yet. */
  #alike: { readonly issue: Issue; readonly losses: readonly CellLoss[]; readonly quality: number; rows: number } | undefined

  constructor(ruleset: Ruleset, weights: Weights, asOf: Date) {
    this.#ruleset = ruleset
    this.#asOf = asOf.getTime()
    const judged = judgedColumns(ruleset)
    for (const rule of ruleset.rules) {
      const columns = recordedColumns(rule).filter((column) => judged.get(rule.dimension)?.has(column))
      this.#booked.set(rule.name, { dimension: rule.dimension, columns })
    }
    let assessed = 0
    for (const dimension of judged.keys()) assessed += weights[dimension]
    for (const [dimension, columns] of judged) {
      let all = 0
      for (const weight of columns.values()) all += weight
      for (const [column, weight] of columns)
        this.#rowPoints.set(`${dimension}\0${column}`, assessed === 0 ? 0 : (weights[dimension] / assessed) * 100 * (weight / all))
    }
  }

  /** Scores a batch after all stages and sets `batch.quality`. */
  add(batch: TableBatch): void {
    this.tally.addRows(batch.length - batch.filtered)
    const quality = new Float64Array(batch.length).fill(100)
    for (const row of batch.issues.rows()) {
      if (batch.dropped(row)) continue
      const only = batch.issues.only(row)
      if (only !== undefined) quality[row] = this.#shared(only)
      else for (const loss of this.#worst(batch.issues.found(row))) this.#book(loss, quality, row)
    }
    this.#bookShared()
    for (const column of this.#ruleset.expected) this.#addExpected(batch, column, quality)
    if (this.#ruleset.timeliness !== undefined) this.#addTimeliness(batch, this.#ruleset.timeliness, quality)
    batch.quality = quality
  }

  #book(loss: CellLoss, quality: Float64Array, row: number): void {
    this.tally.add(loss.dimension, loss.rule, loss.column, loss.lost, 1)
    quality[row] = this.#left(quality[row] ?? 0, loss)
  }

  /** What a loss leaves of a row's quality. */
  #left(quality: number, { dimension, column, lost }: CellLoss): number {
    return Math.max(0, quality - (this.#points(dimension, column) * lost) / microUnits)
  }

  #points(dimension: Dimension, column: string): number {
    return this.#rowPoints.get(`${dimension}\0${column}`) ?? 0
  }

  /** The quality of a row whose only issue is this one. Rows that fail in the same way share an issue, so they are counted together. */
  #shared(issue: Issue): number {
    if (this.#alike?.issue !== issue) {
      this.#bookShared()
      const losses = [...this.#worst([issue])]
      this.#alike = { issue, losses, quality: losses.reduce((left, loss) => this.#left(left, loss), 100), rows: 0 }
    }
    this.#alike.rows++
    return this.#alike.quality
  }

  #bookShared(): void {
    const { losses = [], rows = 0 } = this.#alike ?? {}
    for (const { dimension, rule, column, lost } of losses) if (rows > 0) this.tally.add(dimension, rule, column, lost * rows, rows)
    if (this.#alike !== undefined) this.#alike.rows = 0
  }

  /** The largest loss of each cell, not the sum; among equal losses, the first. */
  #worst(issues: Iterable<Issue>): Iterable<CellLoss> {
    const worst = new Map<string, CellLoss>()
    for (const { rule, severity, confidence } of issues) {
      const sure = Number.isNaN(confidence) ? 1 : Math.min(1, Math.max(0, confidence))
      const lost = Math.round((severity === "error" ? 1 : warningLoss) * sure * microUnits)
      const { dimension, columns } = this.#booked.get(rule) ?? undeclared
      for (const column of columns) {
        const cell = `${dimension}\0${column}`
        if ((worst.get(cell)?.lost ?? -1) < lost) worst.set(cell, { dimension, rule, column, lost })
      }
    }
    return worst.values()
  }

  /** An empty cell costs completeness, unless an issue already explains it: the cell could not be read, or is required. */
  #addExpected(batch: TableBatch, column: string, quality: Float64Array): void {
    // If the column is missing, all of its cells are empty.
    const nulls = batch.column(column)?.nulls
    if (nulls?.count === 0) return
    const rule = `expected.${column}`
    if (this.#booked.get(rule)?.columns.length === 0) return
    const points = this.#points("completeness", column)
    let rows = 0
    for (let row = 0; row < batch.length; row++) {
      if (nulls?.has(row) === false || batch.dropped(row) || this.#isExplained(batch.issues.found(row), column)) continue
      rows++
      quality[row] = Math.max(0, (quality[row] ?? 0) - points)
    }
    if (rows > 0) this.tally.add("completeness", rule, column, rows * microUnits, rows)
  }

  /** Whether an empty cell has already lost: for a value that could not be read, or for being empty. */
  #isExplained(issues: Iterable<Issue>, column: string): boolean {
    for (const issue of issues) {
      const { dimension, columns } = this.#booked.get(issue.rule) ?? undeclared
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
  #addTimeliness(batch: TableBatch, { column, slaDays, halfLifeDays }: NonNullable<Ruleset["timeliness"]>, quality: Float64Array): void {
    if (this.#booked.get(`timeliness.${column}`)?.columns.length === 0) return
    const times = timesOf(batch.column(column))
    if (times === undefined) return
    const points = this.#points("timeliness", column) / microUnits
    const fresh = this.#asOf - slaDays * dayMs
    // Dates repeat, so a small table keeps the power of each distinct date.
    const { lateness, losses } = this.#powers
    let lost = 0
    let rows = 0
    for (let row = 0; row < batch.length; row++) {
      const late = fresh - (times[row] ?? Number.NaN)
      if (!(late > 0) || batch.dropped(row)) continue
      const place = Math.floor(late / 1000) % lateness.length
      if (lateness[place] !== late) {
        lateness[place] = late
        losses[place] = Math.round((1 - 2 ** (-late / (halfLifeDays * dayMs))) * microUnits)
      }
      const loss = losses[place] ?? 0
      lost += loss
      rows++
      quality[row] = Math.max(0, (quality[row] ?? 0) - points * loss)
    }
    if (rows > 0) this.tally.add("timeliness", `timeliness.${column}`, column, lost, rows)
  }
}

function timesOf(column: Column<unknown> | undefined): Float64Array | undefined {
  // A column of mixed values may contain dates.
  return column?.kind === "date" || column?.kind === "value" ? (column as Column<Date>).times() : undefined
}
