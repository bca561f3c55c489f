import fc from "fast-check"
import type { Rule } from "../../src/contract/rule.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { dimensions } from "../../src/model/dimension.ts"
import { TableBatch } from "../../src/model/table-batch.ts"
import { createRuleset, type Ruleset } from "../../src/score/ruleset.ts"
import { Scorer } from "../../src/score/scorer.ts"
import type { Weights } from "../../src/score/weights.ts"
import type { Judgements } from "./naive-score.ts"

const columns = ["a", "b", "c", "constructor"]

/** What a finding costs: its severity and confidence, and the share of the cell that it loses. */
const verdicts = fc.constantFrom(
  [1, "error", 1],
  [0.5, "error", 0.5],
  [0.5, "warning", 1],
  [0.125, "warning", 0.25],
  [0, "warning", 0],
) as fc.Arbitrary<readonly [loss: number, severity: "error" | "warning", confidence: number]>

/** Rules of all dimensions, and what they find in some rows. */
export const judgements = fc
  .array(fc.record({ dimension: fc.constantFrom(...dimensions), columns: fc.subarray(columns, { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((declared) => {
    const rules = declared.map((rule, at): Rule => ({ ...rule, name: `rule ${at}` }))
    const finding = {
      rule: fc.constantFrom(...rules.map(({ name }) => name)),
      verdict: verdicts,
      blames: fc.option(fc.constantFrom(...columns), { nil: undefined }),
    }
    const said = fc.array(fc.record(finding), { maxLength: 4 })
    return fc.record({
      rules: fc.constant(rules),
      said: fc.array(said, { minLength: 1, maxLength: 12 }),
      criticality: fc.dictionary(fc.constantFrom(...columns), fc.constantFrom(1, 2, 0.5, 7), { noNullPrototype: true }),
      weights: fc.tuple(...dimensions.map(() => fc.integer({ min: 1, max: 40 }))).map(toWeights),
    })
  })

export type Judged = typeof judgements extends fc.Arbitrary<infer T> ? T : never

function toWeights(numbers: readonly number[]): Weights {
  return Object.fromEntries(dimensions.map((dimension, at) => [dimension, numbers[at] ?? 0])) as Weights
}

/** The same judgements for the naive score. Each row is also judged on whether it fits the table. */
export function plainly({ rules, said, criticality, weights }: Judged): Judgements {
  const rows = said.map((findings) => findings.map(({ rule, verdict, blames }) => ({ rule, loss: verdict[0], blames })))
  return { rules: [{ name: "row", dimension: "validity", columns: [] }, ...rules], criticality, weights, rows }
}

export function rulesetOf({ rules, criticality }: Judged): Ruleset {
  return createRuleset(rules, { criticality })
}

/** A batch with the findings of the rules. */
function batchOf({ rules }: Judged, said: Judged["said"]): TableBatch {
  const batch = TableBatch.of({
    length: said.length,
    table: { name: "t", header: columns },
    names: columns,
    columns: columns.map(() => columnOf(said.map(() => 1))),
    origins: { at: (row) => ({ uri: "u", row }) },
  })
  said.forEach((findings, row) => {
    for (const { rule, verdict, blames } of findings) {
      const dimension = rules.find(({ name }) => name === rule)?.dimension ?? "validity"
      const column = blames === undefined ? {} : { column: blames }
      batch.mark(row, { code: "x", message: "x", rule, dimension, severity: verdict[1], confidence: verdict[2], ...column })
    }
  })
  return batch
}

/** A scorer that has seen these rows. */
export function scored(judged: Judged, said: Judged["said"] = judged.said): { readonly scorer: Scorer; readonly batch: TableBatch } {
  const scorer = new Scorer(rulesetOf(judged), judged.weights, new Date(0))
  const batch = batchOf(judged, said)
  scorer.add(batch)
  return { scorer, batch }
}
