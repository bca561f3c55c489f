import { createHash } from "node:crypto"
import type { Rule } from "../contract/rule.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"
import type { ScoreOptions } from "./score-options.ts"

/** The rules that judge the rows, frozen before the first row. Plain JSON; equal rulesets have equal hashes. */
export interface Ruleset {
  /** The rules, in the order of their stages. */
  readonly rules: readonly Rule[]
  /** How much a column counts, if it is not 1. */
  readonly criticality: { readonly [column: string]: number }
  /** The columns whose empty cells cost completeness, as in `score`. */
  readonly expected: readonly string[]
  /** The columns that stages declare, and those that rules name. Coverage counts how many of them are judged. */
  readonly columns: readonly string[]
  /** How recent rows must be, as in `score`, with its defaults. */
  readonly timeliness?: { readonly column: string; readonly slaDays: number; readonly halfLifeDays: number }
  /** True if the ruleset was inferred from the rows that it judges, or if nobody has declared any rule. */
  readonly provisional: boolean
}

/** Judges whether a row fits the table. A ragged line breaks this rule, and so does a row that a custom stage fails. */
const structureRule: Rule = { name: "row", dimension: "validity", columns: [] }

/** The name of the rule that judges how recent a row is by its date in this column. */
export function timelinessRule(column: string): string {
  return `timeliness.${column}`
}

/** Makes the ruleset from the rules that stages declare, the options of `score`, and the names of the columns that stages declare. */
export function createRuleset(
  declared: readonly Rule[],
  options: ScoreOptions<{ [column: string]: unknown }>,
  columns: readonly string[] = [],
): Ruleset {
  const { timeliness, expected = [], criticality = {} } = options
  const fresh: readonly Rule[] =
    timeliness === undefined ? [] : [{ name: timelinessRule(timeliness.column), dimension: "timeliness", columns: [timeliness.column] }]
  const filled = expected.map((column): Rule => ({ name: `expected.${column}`, dimension: "completeness", columns: [column] }))
  const rules = [structureRule, ...declared, ...filled, ...fresh]
  refuseNamesakes(rules)
  return {
    rules,
    criticality: Object.fromEntries(
      Object.entries(criticality).flatMap(([column, weight]) => (weight === undefined ? [] : [[column, weight]])),
    ),
    expected,
    columns: [...new Set([...columns, ...rules.flatMap((rule) => rule.columns)])],
    ...(timeliness === undefined
      ? {}
      : { timeliness: { column: timeliness.column, slaDays: timeliness.slaDays ?? 0, halfLifeDays: timeliness.halfLifeDays ?? 30 } }),
    provisional: options.provisional ?? rules.length === 1,
  }
}

/** Issues name their rule, so two rules of the same name must judge the same cells. */
function refuseNamesakes(rules: readonly Rule[]): void {
  const known = new Map<string, Rule>()
  for (const rule of rules) {
    const { name, dimension, columns } = known.get(rule.name) ?? rule
    known.set(rule.name, rule)
    if (dimension === rule.dimension && columns.join("\0") === rule.columns.join("\0")) continue
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `Two rules have the name "${name}" but judge different cells.`,
      remedy: 'Name one of them: .check(test, { name: "..." }).',
    })
  }
}

/** Changes with the formula of the score: scores by different formulas cannot be compared. */
const formulaVersion = 2

/**
 * The first 16 hex digits of the SHA-256 of what decides the score of a dimension, as JSON with sorted keys: the rules with their parameters, how much
 * columns count, the limits of timeliness, and the version of the formula. The weights of the dimensions are not in it.
 */
export function rulesetHash({ rules, criticality, expected, timeliness }: Ruleset): string {
  const ordered = JSON.stringify({ formula: formulaVersion, rules, criticality, expected, timeliness }, (_key, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
  return createHash("sha256").update(ordered).digest("hex").slice(0, 16)
}

/** The columns that the losses of a rule are recorded for: each of its columns, a key as one column, or the row. */
export function recordedColumns(rule: Rule): readonly string[] {
  if (rule.columns.length === 0) return [rowColumn]
  return rule.dimension === "uniqueness" ? [rule.columns.join("+")] : rule.columns
}

/** Losses of a whole row are recorded under this name, which no column can have. */
export const rowColumn = ""

/** How much a column counts. It looks at own properties only: a column may have the name "constructor". */
export function criticalityOf({ criticality }: Ruleset, column: string): number {
  return (Object.hasOwn(criticality, column) ? criticality[column] : undefined) ?? 1
}

/** The recorded columns of each dimension and how much each counts: the denominator of the score. A column that counts 0 is left out. */
export function judgedColumns(ruleset: Ruleset): ReadonlyMap<Dimension, ReadonlyMap<string, number>> {
  const judged = new Map<Dimension, Map<string, number>>()
  for (const dimension of dimensions) {
    const columns = new Map<string, number>()
    for (const rule of ruleset.rules) {
      if (rule.dimension !== dimension) continue
      const weights = rule.columns.map((column) => criticalityOf(ruleset, column))
      recordedColumns(rule).forEach((column, at) => {
        // A key counts as much as the most critical of its columns, and a row as one column.
        const weight = rule.dimension === "uniqueness" ? Math.max(...weights) : weights[at]
        columns.set(column, rule.columns.length === 0 ? 1 : (weight ?? 1))
      })
    }
    for (const [column, weight] of columns) if (weight === 0) columns.delete(column)
    if (columns.size > 0) judged.set(dimension, columns)
  }
  return judged
}
