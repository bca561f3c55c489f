import type { Dimension } from "../model/dimension.ts"
import type { Issue } from "../model/issue.ts"
import { rowColumn } from "./ruleset.ts"
import { microUnits } from "./tally.ts"

/** The share of a cell that a warning loses; an error loses the whole cell. The confidence of the finding scales both. */
const warningLoss = 0.5

/** What the score knows about a rule. */
export interface BookedRule {
  readonly dimension: Dimension
  /** The columns that the rule names. */
  readonly named: readonly string[]
  /** The recorded columns that count. */
  readonly columns: readonly string[]
}

/** Issues without a declared rule count for the row as a whole: a ragged line, or a failure in a custom stage. */
const undeclared: BookedRule = { dimension: "validity", named: [], columns: [rowColumn] }

/** The largest loss of a cell among the rules of one dimension. */
export interface CellLoss {
  /** The dimension of the rule. */
  readonly dimension: Dimension
  /** The name of the rule. */
  readonly rule: string
  /** The column, the columns of a key joined by `+`, or empty for the row. */
  readonly column: string
  /** In millionths of a cell. */
  readonly lost: number
}

/** What the issues of a row cost, and what its rules found. */
export interface RowVerdict {
  readonly losses: readonly CellLoss[]
  readonly rules: ReadonlyMap<string, "failed" | "suspected">
  /** The rules that rejected the row. */
  readonly rejecting: ReadonlySet<string>
}

/** The largest loss of each cell, not the sum; among equal losses, the first. A cell that counts as missing loses nothing for what it holds. */
export function verdictOf(issues: Iterable<Issue>, booked: ReadonlyMap<string, BookedRule>): RowVerdict {
  const worst = new Map<string, CellLoss>()
  const rules = new Map<string, "failed" | "suspected">()
  const rejecting = new Set<string>()
  for (const issue of issues) {
    const { rule, severity } = issue
    const confidence = confidenceOf(issue)
    const lost = Math.round((severity === "error" ? 1 : warningLoss) * confidence * microUnits)
    const known = booked.get(rule) ?? undeclared
    if (confidence > 0 && rules.get(rule) !== "failed") rules.set(rule, confidence < 1 ? "suspected" : "failed")
    if (severity === "error") rejecting.add(rule)
    for (const column of cellsOf(issue, known)) {
      const cell = `${known.dimension}\0${column}`
      if ((worst.get(cell)?.lost ?? -1) < lost) worst.set(cell, { dimension: known.dimension, rule, column, lost })
    }
  }
  return { losses: withoutMissing(worst), rules, rejecting }
}

/** The cells that an issue costs. If it blames one of several cells of its rule, it costs that one. */
function cellsOf({ column }: Issue, { columns, named }: BookedRule): readonly string[] {
  if (column === undefined || named.length < 2 || columns.length === 0) return columns
  // A key is one cell.
  if (columns.length === 1 && !named.includes(columns[0] ?? "")) return columns
  if (named.includes(column)) return columns.includes(column) ? [column] : []
  return columns.slice(0, 1)
}

/** Without what a missing cell loses for its value: a text that stands for nothing is neither invalid nor inaccurate. */
function withoutMissing(worst: Map<string, CellLoss>): readonly CellLoss[] {
  const losses = [...worst.values()]
  if (losses.length < 2) return losses
  for (const { dimension, column, lost } of losses) {
    if (dimension !== "completeness" || column === rowColumn || lost < microUnits) continue
    worst.delete(`validity\0${column}`)
    worst.delete(`accuracy\0${column}`)
  }
  return worst.size === losses.length ? losses : [...worst.values()]
}

function confidenceOf({ confidence }: Issue): number {
  return Number.isNaN(confidence) ? 1 : Math.min(1, Math.max(0, confidence))
}
