import { createHash } from "node:crypto"
import type { Rule } from "../contract/rule.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"
import type { ScoreOptions } from "./score-options.ts"

/** What rows are judged by, frozen before the first of them. Plain JSON; the same rules have the same hash. */
export interface Ruleset {
  readonly rules: readonly Rule[]
  /** Columns that count other than 1. */
  readonly criticality: { readonly [column: string]: number }
  readonly expected: readonly string[]
  readonly timeliness?: { readonly column: string; readonly slaDays: number; readonly halfLifeDays: number }
  /** Inferred from the rows that it then judges. */
  readonly provisional: boolean
}

/** Every row is judged on whether it fits the table at all: a ragged line, or what a stage of the user's own fails it for. */
const structureRule: Rule = { name: "row", dimension: "validity", columns: [] }

/** The ruleset of the rules that stages declare and the options of `score`. */
export function createRuleset(declared: readonly Rule[], options: ScoreOptions<{ [column: string]: unknown }>): Ruleset {
  const { timeliness, expected = [], criticality = {} } = options
  const fresh: readonly Rule[] =
    timeliness === undefined ? [] : [{ name: `timeliness.${timeliness.column}`, dimension: "timeliness", columns: [timeliness.column] }]
  refuseMeaningless(options)
  const filled = expected.map((column): Rule => ({ name: `expected.${column}`, dimension: "completeness", columns: [column] }))
  const rules = [structureRule, ...declared, ...filled, ...fresh]
  refuseNamesakes(rules)
  return {
    rules,
    criticality: Object.fromEntries(
      Object.entries(criticality).flatMap(([column, weight]) => (weight === undefined ? [] : [[column, weight]])),
    ),
    expected,
    ...(timeliness === undefined
      ? {}
      : { timeliness: { column: timeliness.column, slaDays: timeliness.slaDays ?? 0, halfLifeDays: timeliness.halfLifeDays ?? 30 } }),
    provisional: options.provisional ?? false,
  }
}

/** Numbers that would let a score rise with damage, or make it none. */
function refuseMeaningless({ criticality = {}, timeliness }: ScoreOptions<{ [column: string]: unknown }>): void {
  for (const [column, weight] of Object.entries(criticality)) {
    if (weight !== undefined && !(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw invalid(`the criticality of ${column} is ${weight}`)
  }
  const { slaDays = 0, halfLifeDays = 30 } = timeliness ?? {}
  if (!(slaDays >= 0 && slaDays < Number.POSITIVE_INFINITY)) throw invalid(`timeliness has slaDays of ${slaDays}`)
  if (!(halfLifeDays > 0 && halfLifeDays < Number.POSITIVE_INFINITY)) throw invalid(`timeliness has halfLifeDays of ${halfLifeDays}`)
}

function invalid(message: string): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message,
    remedy: "give score() finite numbers of 0 or more, and a half-life above 0",
  })
}

/** Issues know their rule by its name: two rules of one name have to judge the same cells. */
function refuseNamesakes(rules: readonly Rule[]): void {
  const known = new Map<string, Rule>()
  for (const rule of rules) {
    const { name, dimension, columns } = known.get(rule.name) ?? rule
    known.set(rule.name, rule)
    if (dimension === rule.dimension && columns.join("\0") === rule.columns.join("\0")) continue
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `two rules are called ${name}, and judge different cells`,
      remedy: 'name one of them: .check(test, { name: "..." })',
    })
  }
}

/** The first 16 hex digits of the sha256 of the ruleset's JSON, keys in order. */
export function rulesetHash(ruleset: Ruleset): string {
  const ordered = JSON.stringify(ruleset, (_key, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )
  return createHash("sha256").update(ordered).digest("hex").slice(0, 16)
}

/** What a rule's verdicts are booked under: each of its columns, the key as one, or the row. */
export function recordedColumns(rule: Rule): readonly string[] {
  if (rule.columns.length === 0) return [rowColumn]
  return rule.dimension === "uniqueness" ? [rule.columns.join("+")] : rule.columns
}

/** The name under which judgements of a whole row are booked; no column can have it. */
export const rowColumn = ""

/** A column may be called "constructor", which every object answers to. */
function criticalityOf({ criticality }: Ruleset, column: string): number {
  return (Object.hasOwn(criticality, column) ? criticality[column] : undefined) ?? 1
}

/** Booked columns of each dimension with how much each counts: the denominator, known before any value. One that counts nothing is not judged. */
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
