import type { Stage } from "../../../src/contract/stage.ts"
import type { Row } from "../../../src/model/cell-value.ts"
import type { Reject } from "../../../src/model/reject.ts"
import { TableBatch } from "../../../src/model/table-batch.ts"
import { declareAll, runStages } from "../../../src/pipeline/build/compose.ts"
import { createRuleset } from "../../../src/score/ruleset.ts"
import { Scorer } from "../../../src/score/scorer.ts"
import { Tally } from "../../../src/score/tally.ts"
import { defaultWeights } from "../../../src/score/weights.ts"
import { type MergeStatesOptions, mergeStates } from "../../../src/validate/parts/merge-states.ts"
import { PartStates } from "../../../src/validate/parts/part-states.ts"
import { stageContext } from "../../run-stage.ts"

export type AnyStage = Stage<never, unknown>

/** Makes the batches of a part anew, because stages mark them. */
export type MakePart = () => readonly TableBatch<Row>[]

/** What validation gives: every row that is not filtered out, with its score, and the tally as JSON. */
export interface Validated {
  readonly rows: readonly (Reject & { readonly passes: boolean; readonly values: unknown; readonly quality: number | undefined })[]
  readonly filtered: number
  readonly tally: string
}

interface Round {
  readonly validated: Validated
  readonly states: Uint8Array
}

/** Validates batches in one pass. */
export async function validateAtOnce(stages: readonly AnyStage[], batches: readonly TableBatch<Row>[], states?: PartStates) {
  async function* given() {
    yield* batches
  }
  const scorer = new Scorer(createRuleset(declareAll(stages).rules, {}), defaultWeights, new Date(0))
  const rows: Validated["rows"][number][] = []
  let filtered = 0
  for await (const each of runStages(stages as never, given(), stageContext({ states }))) {
    const batch = TableBatch.from<Row>(each as TableBatch<Row>)
    scorer.add(batch)
    filtered += batch.filtered
    const values = [...batch.rows].values()
    for (let row = 0; row < batch.length; row++) {
      if (batch.dropped(row)) continue
      const passes = batch.selection.has(row)
      rows.push({ ...batch.reject(row), passes, values: passes ? { ...values.next().value } : undefined, quality: batch.quality?.[row] })
    }
  }
  return { rows, filtered, tally: JSON.stringify(scorer.tally) } satisfies Validated
}

/** Validates parts one by one, in rounds, as functions do that know nothing of each other but what is merged after each round. */
export async function validateInParts(stages: readonly AnyStage[], parts: readonly MakePart[], options?: MergeStatesOptions) {
  const knowledge: (Uint8Array | undefined)[] = parts.map(() => undefined)
  const done: Round[] = []
  let todo = [...parts.keys()]
  let rounds = 0
  let validations = 0
  while (todo.length > 0) {
    // Parts are validated in any order.
    for (const part of todo.reverse()) done[part] = await validatePart(stages, parts[part] ?? (() => []), knowledge[part])
    if (++rounds > 50) throw new Error("The rounds do not end.")
    validations += todo.length
    const merged = await mergeStates(
      stages,
      done.map(({ states }, part) => ({
        part,
        size: states.length,
        read: async (start: number, end: number) => states.slice(start, end),
        knowledge: knowledge[part],
      })),
      options,
    )
    todo = merged.filter(({ changed }) => changed).map(({ part }) => part)
    for (const { part, knowledge: known } of merged) knowledge[part] = known
  }
  const tally = new Tally()
  for (const { validated } of done) tally.merge(Tally.fromJSON(JSON.parse(validated.tally)))
  const rows = done.flatMap(({ validated }) => validated.rows)
  const filtered = done.reduce((sum, { validated }) => sum + validated.filtered, 0)
  return { validated: { rows, filtered, tally: JSON.stringify(tally) } satisfies Validated, rounds, validations }
}

async function validatePart(stages: readonly AnyStage[], make: MakePart, knowledge: Uint8Array | undefined): Promise<Round> {
  const states = await PartStates.of(knowledge)
  const validated = await validateAtOnce(stages, make(), states)
  return { validated, states: await states.export() }
}
