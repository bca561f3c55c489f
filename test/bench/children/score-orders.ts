import { type Context, csv, file } from "rowgate"
import { orderScore, orderStage } from "../../../examples/data/order-contract.ts"
import { declarationOf } from "../../../src/contract/rule.ts"
import { TableBatch } from "../../../src/model/table-batch.ts"
import { createRuleset } from "../../../src/score/ruleset.ts"
import { scorecard } from "../../../src/score/scorecard.ts"
import { Scorer } from "../../../src/score/scorer.ts"
import { completeWeights } from "../../../src/score/weights.ts"
import { measured } from "./measured.ts"

interface Input {
  readonly file: string
  readonly score: boolean
}

const silent = () => undefined
const context: Context = {
  runId: "bench",
  signal: new AbortController().signal,
  logger: { debug: silent, info: silent, warn: silent, error: silent },
  asOf: new Date("2026-01-01"),
}

/** A run always scores, so the stages are composed here, with and without the scorer. Rows are dropped. */
await measured(async ({ file: path, score }: Input) => {
  const stage = orderStage()
  const ruleset = createRuleset(declarationOf(stage)?.rules ?? [], orderScore)
  const weights = completeWeights(undefined)
  const scorer = new Scorer(ruleset, weights, context.asOf)
  let passing = 0
  for await (const source of file(path).files(context))
    for await (const batch of stage(csv().parse(source, context), context)) {
      if (score) scorer.add(TableBatch.from(batch))
      passing += batch.selection.size
    }
  const card = scorecard(scorer.tally, ruleset, weights)
  return { passing, assessed: Object.keys(card.dimensions).length, overall: card.overall }
})
