import { createHash } from "node:crypto"
import type { Rule } from "../contract/rule.ts"
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
  const filled = expected.map((column): Rule => ({ name: `expected.${column}`, dimension: "completeness", columns: [column] }))
  return {
    rules: [structureRule, ...declared, ...filled, ...fresh],
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
export function bookedColumns(rule: Rule): readonly string[] {
  if (rule.columns.length === 0) return [rowColumn]
  return rule.dimension === "uniqueness" ? [rule.columns.join("+")] : rule.columns
}

/** The name under which judgements of a whole row are booked; no column can have it. */
export const rowColumn = ""

/** Booked columns of each dimension with how much each counts: the denominator, known before any value. */
export function judgedColumns(ruleset: Ruleset): ReadonlyMap<Dimension, ReadonlyMap<string, number>> {
  const judged = new Map<Dimension, Map<string, number>>()
  for (const dimension of dimensions) {
    const columns = new Map<string, number>()
    for (const rule of ruleset.rules) {
      if (rule.dimension !== dimension) continue
      const weight = Math.max(
        ...[1, ...rule.columns.map((column) => ruleset.criticality[column] ?? 1)].slice(rule.columns.length === 0 ? 0 : 1),
      )
      for (const column of bookedColumns(rule)) columns.set(column, ruleset.criticality[column] ?? weight)
    }
    if (columns.size > 0) judged.set(dimension, columns)
  }
  return judged
}
