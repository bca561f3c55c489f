import { randomUUID } from "node:crypto"
import type { Context } from "../../contract/context.ts"
import type { Correction, Delivery } from "../../contract/delivery.ts"
import { Plan, type PlanJson } from "../../contract/plan.ts"
import type { SourceFile } from "../../contract/source.ts"
import { countsOf, type DeliveryReport } from "../../model/run-report.ts"
import type { Scorecard } from "../../model/scorecard.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { defined } from "../../options/defined.ts"
import { ReadAhead } from "../../parsers/files/read-ahead.ts"
import { scorecard } from "../../score/scorecard.ts"
import { declareAll, parserContext } from "../build/compose.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { flow } from "../build/flow.ts"
import { channels } from "../trace/channels.ts"
import type { DeliveryTrace } from "../trace/trace-messages.ts"
import { traced } from "../trace/traced.ts"
import type { DeliveryAttempt } from "./delivery-attempt.ts"
import { DeliveryTables } from "./delivery-tables.ts"
import type { Compared, DriftWatch } from "./drift-watch.ts"
import { emptyTable } from "./empty-table.ts"
import { type FileWithDigest, withDigest } from "./hashed-file.ts"
import { normalizedOf } from "./normalized-of.ts"
import { refusalOf } from "./refusal-of.ts"
import { reportColumns } from "./report-columns.ts"
import { revisionNotice } from "./revision-notice.ts"
import type { RunSettings } from "./run-options.ts"
import { type Scoring, scoring } from "./scoring.ts"
import { ShapeWatch } from "./shape-watch.ts"
import { type DeliveryEnd, type SettledDelivery, SinkDelivery } from "./sink-delivery.ts"
import type { SuspectSearch } from "./suspect-search.ts"
import { targetFirst } from "./target-first.ts"

/** How often a delivery is started again with what its rows have shown. */
const mostRevisions = 2

/**
 * Delivers one file. If its rows contradict the plan that the first of them settled, the delivery is undone and the file is read again with what
 * was learned. It stays the same delivery, with the same entry in the ledger.
 */
export async function deliver(
  definition: Definition,
  source: SourceFile,
  run: Context,
  options: RunSettings,
  attempt: DeliveryAttempt,
): Promise<DeliveryReport> {
  const id = options.deliveryId ?? randomUUID()
  const { uri, version, size } = source
  return await traced(
    channels.delivery,
    (): DeliveryTrace => ({
      runId: run.runId,
      pipeline: definition.options.name,
      deliveryId: id,
      uri,
      ...defined({ version, size }),
      attempt: attempt.number,
    }),
    () => deliverAs(id, definition, source, run, options, attempt),
    (report) => ({ outcome: report.outcome, counts: countsOf(report), ...(report.score && { score: scoresOf(report.score) }) }),
  )
}

/** The lost points of a scorecard name rules and columns, which may be many. */
function scoresOf({ overall, dimensions }: Scorecard): DeliveryTrace["score"] {
  return { overall, dimensions }
}

async function deliverAs(
  id: string,
  definition: Definition,
  source: SourceFile,
  run: Context,
  options: RunSettings,
  attempt: DeliveryAttempt,
): Promise<DeliveryReport> {
  const file = withDigest(source)
  const corrects = await definition.corrects?.(file, run)
  const job: Job = { definition, file, run, options, attempt, corrects, id, notices: [] }
  let plan = new Plan(corrects && (await datesOf(corrects.delivery, definition, run)), { revisable: file.once !== true })
  for (;;) {
    const report = await deliverBy(plan, job).catch((error: unknown) => {
      // A failure under a contradicted plan may not occur under the next one.
      if (!plan.isContradicted || run.signal.aborted || attempt.decided) throw error
      return undefined
    })
    if (report !== undefined) return report
    job.notices.push(revisionNotice(plan))
    run.logger.info({ uri: file.uri }, "later rows contradicted the plan: the file is read again")
    plan = plan.revised({ revisable: job.notices.length < mostRevisions })
  }
}

/** What all readings of a delivery share. */
interface Job {
  readonly definition: Definition
  readonly file: FileWithDigest
  readonly run: Context
  readonly options: RunSettings
  readonly attempt: DeliveryAttempt
  readonly corrects: Correction | undefined
  readonly id: string
  /** One for each time that the delivery was started again. */
  readonly notices: TableNotice[]
}

/** Reads the file once: announce, open, stream, settle, decide. Undefined if its rows contradicted the plan; everything is then undone. */
async function deliverBy(plan: Plan, job: Job): Promise<DeliveryReport | undefined> {
  const { definition, file } = job
  const context: Context = { ...job.run, plan, reuse: true }
  for (const sink of definition.sinks) sink.prepare?.(context)
  const search = await suspectSearch(job)
  await using batches = new ReadAhead(flow(definition, file, context, search && ((batch) => search.see(batch))))
  const delivery = await announce(job, context, () => batches.begin())

  await using sinks = new SinkDelivery<AnyRow>(context, delivery)
  // Without this await, the sessions would be disposed of while they commit.
  return await sinks.whole(() => deliverInto(sinks, batches, plan, job, search))
}

async function deliverInto(
  sinks: SinkDelivery<AnyRow>,
  batches: AsyncIterable<TableBatch<AnyRow>>,
  plan: Plan,
  job: Job,
  search: SuspectSearch | undefined,
): Promise<DeliveryReport | undefined> {
  const { definition, file, attempt, run } = job
  await sinks.open(targetFirst(definition.sinks), definition.rejectSinks, () => {
    attempt.reached = true
  })
  const unread = await sinks.endUnread(() => file.sha256())
  if (unread !== undefined) return unread

  const reading = new Reading(job, run.asOf, plan, { drift: await driftWatch(job, sinks, plan), search })
  await reading.stream(batches, sinks)
  run.signal.throwIfAborted()
  if (plan.isContradicted) return undefined
  if (sinks.counts.read === 0 && definition.options.empty !== "allow") throw emptyTable(file.uri, reading.tables.header)

  const sha256 = await file.sha256()
  const settled = await sinks.settle(sha256)
  if (settled.duplicateOf !== undefined) return sinks.duplicate(sha256, settled.duplicateOf)
  return sinks.end(sha256, settled, await reading.decide(sinks, settled), () => {
    attempt.decided = true
  })
}

/** Describes the delivery to the sinks. A file that is cheap to read twice is hashed first, while its first batch is read. */
async function announce(job: Job, context: Context, begin: () => void): Promise<Delivery> {
  const { definition, file, options, corrects, id } = job
  const digest = file.rereadable === true ? file.sha256() : undefined
  // A thread does the hashing, and opening the target is mostly waiting. The price is one batch read for nothing if the file is a duplicate.
  if (digest !== undefined) begin()
  digest?.catch(() => undefined)
  const sourceTable = file.once === true ? undefined : await definition.parser.locate?.(file, parserContext(context, definition.stages))
  return {
    id,
    pipeline: definition.options.name,
    uri: file.uri,
    version: file.version,
    sequence: file.sequence,
    sha256: await digest,
    sourceTable,
    columns: declareAll(definition.stages).columns([]) ?? [],
    contractVersion: definition.options.version,
    asOf: options.asOf,
    dryRun: options.dryRun ?? false,
    reload: options.reload,
    corrects,
    after: options.after?.(file),
  }
}

/** What looks at the rows of a reading besides the rules. */
interface Watches {
  readonly drift: DriftWatch | undefined
  readonly search: SuspectSearch | undefined
}

/** One reading of the file with one plan, and what it shows. */
class Reading {
  readonly tables = new DeliveryTables()
  readonly #job: Job
  readonly #plan: Plan
  readonly #shapes: ShapeWatch
  readonly #scoring: Scoring
  readonly #drift: DriftWatch | undefined
  readonly #search: SuspectSearch | undefined
  readonly #asOf: Date

  constructor(job: Job, asOf: Date, plan: Plan, { drift, search }: Watches) {
    this.#drift = drift
    this.#search = search
    this.#job = job
    this.#asOf = asOf
    this.#plan = plan
    this.#shapes = new ShapeWatch(plan)
    this.#scoring = scoring(job.definition, job.options.weights, asOf)
  }

  /** Writes all batches, until one contradicts the plan. The rest is then read only for what else it shows. */
  async stream(batches: AsyncIterable<TableBatch<AnyRow>>, sinks: SinkDelivery<AnyRow>): Promise<void> {
    const { file, options, attempt } = this.#job
    for await (const batch of batches) {
      this.#shapes.add(batch)
      if (this.#plan.isContradicted) {
        await sinks.undo()
        continue
      }
      this.tables.add(batch)
      this.#scoring.scorer.add(batch)
      this.#drift?.add(batch)
      this.#search?.book(batch)
      await sinks.write(batch)
      const { read, rejected } = sinks.counts
      options.onProgress?.({ uri: file.uri, read, rejected, attempt: attempt.number })
    }
  }

  /** Whether the delivery is loaded, and the parts of its report that the sinks do not know. */
  async decide({ counts, delivery, target }: SinkDelivery<AnyRow>, settled: SettledDelivery): Promise<DeliveryEnd> {
    const { definition, file, notices } = this.#job
    const { scorer, ruleset, weights } = this.#scoring
    const found = this.#search?.end({ plan: this.#plan, sinks: definition.sinks })
    const card = scorecard(scorer.tally, ruleset, weights)
    const score = found?.score(card) ?? card
    const { drift, notices: compared, ...history } = (await this.#drift?.compare(target, counts.read, score)) ?? notCompared
    const reason = refusalOf(definition, score, counts, { modifiedAt: file.modifiedAt, asOf: this.#asOf }, settled.refusal, history)
    for (const [table, facts] of this.tables.dialects) this.#plan.keepDialect(table, facts)
    const outcome = reason !== undefined ? "refused" : delivery.dryRun ? "dry" : "loaded"
    const suspects = found?.notices ?? []
    const committed = outcome === "loaded" ? (settled.committed ?? []) : []
    return {
      outcome,
      ...(reason === undefined ? {} : { reason }),
      ...this.tables.skipped,
      notices: [...this.tables.notices, ...notices, ...suspects, ...(target?.notices ?? []), ...settled.notices, ...compared, ...committed],
      columns: reportColumns({ tables: this.tables.all, plan: this.#plan, counts: counts.columns, declared: delivery.columns }),
      plan: this.#plan.toJSON(),
      ...normalizedOf(this.#plan.normalized, this.#plan, definition.sinks),
      ...(drift === undefined ? {} : { drift }),
      ...(delivery.dryRun && settled.changes !== undefined ? { changes: settled.changes } : {}),
      score,
    }
  }
}

const notCompared: Compared = { notices: [], reasons: [] }

/** Compares deliveries into a target that remembers earlier ones. Corrections are no deliveries of their own kind. */
async function driftWatch(
  { definition, corrects }: Job,
  { delivery, target }: SinkDelivery<AnyRow>,
  plan: Plan,
): Promise<DriftWatch | undefined> {
  const { drift: options = {} } = definition.score
  if (options === false || corrects !== undefined) return undefined
  // A gate must not be silent if the target remembers nothing.
  const isGate = options.refuse !== undefined && options.refuse !== false
  if (target?.history === undefined && !isGate) return undefined
  const { DriftWatch } = await import("./drift-watch.ts")
  return new DriftWatch({ delivery, plan, sinks: definition.sinks, options })
}

/** Without a contract, the rows are searched for cells that are probably wrong. A file of corrections has too few rows for that. */
async function suspectSearch({ definition, options, run, corrects }: Job): Promise<SuspectSearch | undefined> {
  const { ruleset } = scoring(definition, options.weights, run.asOf)
  if (!ruleset.provisional || corrects !== undefined) return undefined
  const { SuspectSearch } = await import("./suspect-search.ts")
  return new SuspectSearch(ruleset)
}

/** A few corrected rows may not prove the order of their dates; the whole file did. */
async function datesOf(delivery: string, { sinks }: Definition, context: Context): Promise<PlanJson> {
  const [target] = targetFirst(sinks)
  const { dates = {} } = Plan.from(await target?.planOf?.(context, delivery)).toJSON()
  return { dates }
}
