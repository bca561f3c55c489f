import { dayMs } from "../cells/civil-date.ts"
import type { CellFacts } from "./cell-facts.ts"
import type { ColumnSketch } from "./column-sketch.ts"
import { ExactNumbers } from "./exact-numbers.ts"
import type { Extremes } from "./extremes.ts"
import type { Instants } from "./instants.ts"
import { instantsOf } from "./instants-of.ts"
import type { ProposedColumn, ProposedReading } from "./proposal.ts"
import { remarkWithCells } from "./remark.ts"
import { shownCell, shownInstant } from "./seen-cell.ts"
import { byCount, suspectsOf } from "./suspects.ts"
import type { ColumnProfile, PatternCount, Quantiles, ValueCount } from "./table-profile.ts"
import { cellTypes } from "./text-type.ts"

const mostShown = 10
const mostExamples = 5

type Range = Pick<ColumnProfile, "min" | "max" | "quantiles">

interface Numbers {
  readonly range: Pick<Extremes, "least" | "greatest">
  readonly quantiles: { quantile(q: number): number | undefined }
}

/** The profile of a column from its sketch and what its values suggest, in a table with this many rows. */
export function describeColumn(
  { name, kind, doubt, reading, remarks = [] }: ProposedColumn,
  column: ColumnSketch,
  rows: number,
): ColumnProfile {
  const facts = column.facts()
  const { minima } = column.values
  const { filled } = column
  return {
    name,
    kind,
    ...(doubt === undefined ? {} : { doubt: doubt.reason }),
    ...(remarks.length === 0 ? {} : { remarks: remarks.map(remarkWithCells) }),
    filled,
    empty: rows - filled,
    fill: rows === 0 ? 1 : filled / rows,
    distinct: minima.isSample ? Math.min(filled, Math.max(facts.distinct.estimate(), minima.entries().length + 1)) : minima.distinct(),
    exact: !minima.isSample,
    types: Object.fromEntries(cellTypes.flatMap((type, at) => ((facts.types[at] ?? 0) > 0 ? [[type, facts.types[at] ?? 0]] : []))),
    ...(kind === "integer" || kind === "decimal"
      ? numberRange(minima.isSample ? facts.written.readAs(reading, facts.numbers) : new ExactNumbers(minima.entries(), reading))
      : rangeOf(kind, facts, reading)),
    lengths: lengthsOf(facts),
    top: topOf(column),
    patterns: patternsOf(facts),
    examples: minima
      .entries()
      .slice(0, mostExamples)
      .map(({ value }) => shownCell(value)),
    suspects: suspectsOf(column, facts, kind),
  }
}

function rangeOf(kind: string, facts: CellFacts, { locale }: ProposedReading): Range {
  if (kind === "date" || kind === "timestamp") return dateRange(instantsOf(facts, locale))
  const [min = null, max = null] = facts.texts.state()
  return { min: min === null ? null : shortText(min), max: max === null ? null : shortText(max), quantiles: null }
}

function numberRange({ range: { least, greatest }, quantiles: numbers }: Numbers): Range {
  if (least > greatest) return { min: null, max: null, quantiles: null }
  // The bucket of a quantile may reach beyond the numbers.
  const at = (q: number) => Math.min(greatest, Math.max(least, numbers.quantile(q) ?? 0))
  return { min: least, max: greatest, quantiles: quantiles(at) }
}

function dateRange({ days, range: { least, greatest } }: Instants): Range {
  if (days.count === 0) return { min: null, max: null, quantiles: null }
  const at = (q: number) => shownInstant((days.quantile(q) ?? 0) * dayMs)
  return { min: shownInstant(least), max: shownInstant(greatest), quantiles: quantiles(at) }
}

function quantiles<V>(at: (q: number) => V): Quantiles<V> {
  return { p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) }
}

function lengthsOf({ patterns: { total }, characters, characterRange: { least, greatest } }: CellFacts): ColumnProfile["lengths"] {
  return total === 0 ? null : { min: least, mean: Math.round((characters / total) * 100) / 100, max: greatest }
}

function topOf({ values }: ColumnSketch): readonly ValueCount[] {
  const top = values.frequent().map(({ value, count }) => ({ value: shownCell(value), count }))
  return top.sort(byCount).slice(0, mostShown)
}

function patternsOf({ patterns }: CellFacts): readonly PatternCount[] {
  const found = patterns.frequent().map(({ value: { pattern, example }, count, exact }) => {
    return { value: pattern, count, ...(exact ? { example: shownCell(example) } : {}) }
  })
  return found
    .sort(byCount)
    .slice(0, mostShown)
    .map(({ value, ...rest }) => ({ pattern: value, ...rest }))
}

function shortText(text: string): string {
  return shownCell({ type: "other", text })
}
