import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import { Plan, type PlanJson } from "../../contract/plan.ts"
import type { StagedParts } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { type NormalizedCells, noNormalizedCells } from "../../model/normalized-cells.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import type { Scorecard } from "../../model/scorecard.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { scorecard } from "../../score/scorecard.ts"
import { Tally } from "../../score/tally.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { DeliveryTables } from "../run/delivery-tables.ts"
import type { Compared } from "../run/drift-watch.ts"
import { normalizedOf } from "../run/normalized-of.ts"
import { refusalOf } from "../run/refusal-of.ts"
import { reportColumns } from "../run/report-columns.ts"
import { type RunWeights, scoring } from "../run/scoring.ts"
import { SinkDelivery } from "../run/sink-delivery.ts"
import { targetFirst } from "../run/target-first.ts"
import type { PartScore } from "./part-score.ts"
import { fileAge } from "./refusal-of-parts.ts"

/** A delivery whose parts are validated and scored. */
export interface ScoredDelivery {
  readonly delivery: Delivery & { readonly sha256: string }
  /** The sum over all parts. */
  readonly score: PartScore
  readonly weights: RunWeights
  readonly plan: Plan
  /** What normalizing has changed in all parts. Default: nothing was examined. */
  readonly normalized?: NormalizedCells | undefined
  /** Why it must not be loaded, as far as that is known before the target has seen its rows. */
  readonly refusal?: string | undefined
  /** One for each time that the delivery was started again. */
  readonly notices: readonly TableNotice[]
}

/** Where the rows of the parts are. */
export interface PartRows {
  /** All batches, in the order of the file. */
  all(): AsyncIterable<TableBatch<AnyRow>>
  /** The rejected rows only, in the order of the file. */
  rejected(): AsyncIterable<TableBatch<AnyRow>>
  /** The rows that the target has staged; undefined if they have to be written. */
  readonly staged: StagedParts | undefined
}

/** The plan of a delivery, by which its target is filled. The kinds of columns that nothing declares are known from all parts. */
export function planOfLoad({ plan, score }: { readonly plan: PlanJson; readonly score: PartScore }): Plan {
  return Plan.from(plan, { kinds: new Map(score.kinds) })
}

/** Scores the rows, for a sink that stores the score of each of them. */
export async function* withQuality(
  definition: Definition,
  batches: AsyncIterable<TableBatch<AnyRow>>,
  weights: RunWeights,
  asOf: Date,
): AsyncGenerator<TableBatch<AnyRow>> {
  const { scorer } = scoring(definition, weights, asOf)
  for await (const batch of batches) {
    scorer.add(batch)
    yield batch
  }
}

/** Loads, or refuses, a delivery from its parts. The report is that of a run in one process. */
export async function loadParts(definition: Definition, scored: ScoredDelivery, rows: PartRows, context: Context): Promise<DeliveryReport> {
  const { delivery, weights: given, notices, score: sum, plan, refusal: early } = scored
  const { ruleset, weights } = scoring(definition, given, context.asOf)
  const score = scorecard(Tally.fromJSON(sum.tally), ruleset, weights)
  const within: Context = { ...context, plan, reuse: true }

  await using sinks = new SinkDelivery<AnyRow>(within, delivery)
  // Without this await, the sessions would be disposed of while they commit.
  return await sinks.whole(async () => {
    await sinks.open(targetFirst(definition.sinks), definition.rejectSinks)
    const unread = await sinks.endUnread(() => delivery.sha256)
    if (unread !== undefined) return unread

    if (early === undefined && rows.staged === undefined) {
      for await (const batch of withQuality(definition, rows.all(), given, context.asOf)) {
        context.signal.throwIfAborted()
        await sinks.write(batch)
      }
      expectSame(sinks.counts, sum.counts, delivery.uri)
    } else {
      sinks.counts.merge(sum.counts)
      if (early === undefined && rows.staged !== undefined) await sinks.adopt(rows.staged)
      for await (const batch of rows.rejected()) await sinks.writeCounted(batch)
    }
    context.signal.throwIfAborted()

    const settled = await sinks.settle(delivery.sha256)
    if (settled.duplicateOf !== undefined) return sinks.duplicate(delivery.sha256, settled.duplicateOf)
    const { drift, notices: compared, ...history } = await compareParts(definition, sinks, score)
    const reason = early ?? refusalOf(definition, score, sinks.counts, fileAge(delivery, context.asOf), settled.refusal, history)
    const tables = new DeliveryTables()
    for (const table of sum.tables) tables.add({ table })
    for (const [table, facts] of tables.dialects) plan.keepDialect(table, facts)
    const committed = reason === undefined ? (settled.committed ?? []) : []
    return sinks.end(delivery.sha256, settled, {
      outcome: reason === undefined ? "loaded" : "refused",
      ...(reason === undefined ? {} : { reason }),
      ...tables.skipped,
      notices: [...tables.notices, ...notices, ...(sinks.target?.notices ?? []), ...settled.notices, ...compared, ...committed],
      columns: reportColumns({ tables: tables.all, plan, counts: sinks.counts.columns, declared: delivery.columns }),
      plan: plan.toJSON(),
      ...(drift === undefined ? {} : { drift }),
      ...normalizedOf(scored.normalized ?? noNormalizedCells, plan, definition.sinks),
      score,
    })
  })
}

/** The rows of parts are never in one place, so only their number and the score are compared with earlier deliveries. */
async function compareParts(
  { score: { drift: options = {} } }: Definition,
  { counts, delivery, target }: SinkDelivery<AnyRow>,
  score: Scorecard,
): Promise<Compared> {
  if (options === false || delivery.corrects !== undefined) return { notices: [], reasons: [] }
  const { compareWithHistory } = await import("../run/drift-watch.ts")
  return compareWithHistory(target, { read: counts.read, inParts: true }, score, options)
}

/** The parts must hold the rows that were scored. */
function expectSame(
  loaded: { readonly read: number; readonly passed: number },
  scored: { readonly read: number; readonly passed: number },
  uri: string,
): void {
  if (loaded.read === scored.read && loaded.passed === scored.passed) return
  throw new RowgateError({
    code: "INTERNAL",
    message: `The parts have ${loaded.read} rows, ${loaded.passed} of them valid; when they were scored, they had ${scored.read} and ${scored.passed}.`,
    remedy: "Start the delivery again. If it happens again, report it with the manifest of the delivery.",
    origin: { uri },
  })
}
