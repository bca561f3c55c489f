import { randomUUID } from "node:crypto"
import type { Context } from "../../contract/context.ts"
import type { Correction, Delivery } from "../../contract/delivery.ts"
import { Plan, type PlanJson } from "../../contract/plan.ts"
import type { LoadCounts, Sink, SinkSession } from "../../contract/sink.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Reject } from "../../model/reject.ts"
import type { DeliveryOutcome, DeliveryReport } from "../../model/run-report.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { defined } from "../../options/defined.ts"
import { ReadAhead } from "../../parsers/files/read-ahead.ts"
import { failedGates } from "../../score/gate.ts"
import { createRuleset } from "../../score/ruleset.ts"
import { scorecard } from "../../score/scorecard.ts"
import { Scorer } from "../../score/scorer.ts"
import { completeWeights } from "../../score/weights.ts"
import { declareAll } from "../build/compose.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { flow } from "../build/flow.ts"
import type { DeliveryAttempt } from "./delivery-attempt.ts"
import { DeliveryCounts } from "./delivery-counts.ts"
import { DeliveryTables } from "./delivery-tables.ts"
import { type FileWithDigest, withDigest } from "./hashed-file.ts"
import { OpenSessions } from "./open-sessions.ts"
import { rejectBatch } from "./reject-batch.ts"
import { duplicate, ending, head, overBudget, unread } from "./report-parts.ts"
import { revisionNotice } from "./revision-notice.ts"
import type { RunSettings } from "./run-options.ts"
import { ShapeWatch } from "./shape-watch.ts"

/** How often a delivery is begun once more with what its rows have shown. */
const mostRevisions = 2

/**
 * One delivery from claim to commit. Where its rows contradict what the first of them settled, it is undone and begun once more with what was
 * learned, as the same delivery: its entry in the ledger is the one that it had.
 */
export async function deliver(
  definition: Definition,
  source: SourceFile,
  run: Context,
  options: RunSettings,
  attempt: DeliveryAttempt,
): Promise<DeliveryReport> {
  const file = withDigest(source)
  const corrects = await definition.corrects?.(file, run)
  const job: Job = { definition, file, run, options, attempt, corrects, id: randomUUID(), notices: [] }
  let plan = new Plan(corrects && (await datesOf(corrects.delivery, definition, run)), { revisable: file.once !== true })
  for (;;) {
    const report = await deliverBy(plan, job).catch((error: unknown) => {
      // What fails under a plan that is known to be wrong may well work under the next one.
      if (!plan.isContradicted || run.signal.aborted || attempt.decided) throw error
      return undefined
    })
    if (report !== undefined) return report
    job.notices.push(revisionNotice(plan))
    run.logger.info({ uri: file.uri }, "later rows contradicted the plan: the file is read again")
    plan = plan.revised({ revisable: job.notices.length < mostRevisions })
  }
}

/** What all readings of a delivery have in common. */
interface Job {
  readonly definition: Definition
  readonly file: FileWithDigest
  readonly run: Context
  readonly options: RunSettings
  readonly attempt: DeliveryAttempt
  readonly corrects: Correction | undefined
  readonly id: string
  /** One for each time that it was begun once more. */
  readonly notices: TableNotice[]
}

/** One reading of the file: undefined where it contradicted the plan, and nothing is left of it. */
async function deliverBy(plan: Plan, job: Job): Promise<DeliveryReport | undefined> {
  const { definition, file, options } = job
  const context: Context = { ...job.run, plan, reuse: true }
  for (const sink of definition.sinks) sink.prepare?.(context)
  await using batches = new ReadAhead(flow(definition, file, context))
  const delivery = await announce(job, context, () => batches.begin())
  await using open = new OpenSessions(context, delivery)
  const opened = await openAll(open, job, delivery)
  if ("outcome" in opened) return opened
  const seen = new Seen(job, context)
  for await (const batch of batches) {
    seen.shapes.add(batch)
    if (plan.isContradicted) {
      // The rest of the file is read for what else it shows, and is written nowhere.
      await open.undo()
      continue
    }
    seen.add(batch)
    await keepRejects(batch, opened.rejects, file.uri)
    for (const session of [opened.target, ...opened.others]) await session?.write(batch)
    options.onProgress?.({ uri: file.uri, read: seen.counts.read, rejected: seen.counts.rejected, attempt: job.attempt.number })
  }
  context.signal.throwIfAborted()
  if (plan.isContradicted) return undefined
  return await decide(job, delivery, open, opened, seen, plan)
}

/** The delivery as sinks are told of it. A file that is read twice for little is hashed first, and its first batch is read meanwhile. */
async function announce(job: Job, context: Context, begin: () => void): Promise<Delivery> {
  const { definition, file, options, corrects, id } = job
  const digest = file.rereadable === true ? file.sha256() : undefined
  // Hashing goes on in a thread, and opening the target is waiting for it. A duplicate has then read one batch for nothing.
  if (digest !== undefined) begin()
  digest?.catch(() => undefined)
  const sourceTable = file.once === true ? undefined : await definition.parser.locate?.(file, context)
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
  }
}

/** The sessions of a delivery: the target is the sink that keeps a ledger, else the first. The others are committed after it. */
interface Opened {
  readonly target: SinkSession<AnyRow> | undefined
  readonly others: readonly SinkSession<AnyRow>[]
  readonly rejects: readonly SinkSession<Reject>[]
}

/** Opens the sinks; gives the report where the target says that there is nothing to read. */
async function openAll(open: OpenSessions, { definition, file, attempt }: Job, delivery: Delivery): Promise<Opened | DeliveryReport> {
  const [target, ...others] = await open.all(targetFirst(definition.sinks), () => {
    attempt.reached = true
  })
  if (target?.duplicateOf !== undefined) return duplicate(delivery, await file.sha256(), target.duplicateOf, target)
  if (target?.refusal !== undefined) {
    const report = unread(delivery, await file.sha256(), { outcome: "refused", reason: target.refusal })
    await target.refuse?.(report)
    return report
  }
  return { target, others, rejects: await open.all(definition.rejectSinks) }
}

/** What was seen of the rows. */
class Seen {
  readonly counts = new DeliveryCounts()
  readonly tables = new DeliveryTables()
  readonly shapes: ShapeWatch
  readonly scorer: Scorer
  readonly ruleset: ReturnType<typeof createRuleset>
  readonly weights: ReturnType<typeof completeWeights>

  constructor({ definition: { stages, score }, options }: Job, { asOf, plan = new Plan() }: Context) {
    this.shapes = new ShapeWatch(plan)
    this.weights = completeWeights({ ...defined(options.weights), ...defined(score.weights) })
    this.ruleset = createRuleset(declareAll(stages).rules, score)
    this.scorer = new Scorer(this.ruleset, this.weights, asOf)
  }

  add(batch: TableBatch): void {
    this.tables.add(batch)
    this.scorer.add(batch)
    this.counts.add(batch)
  }
}

/** Resolves what the whole file decides, then commits or refuses. */
async function decide(
  job: Job,
  delivery: Delivery,
  open: OpenSessions,
  { target, others, rejects: rejectSessions }: Opened,
  seen: Seen,
  plan: Plan,
): Promise<DeliveryReport> {
  const { definition, file, attempt } = job
  const { counts, tables, scorer, ruleset, weights } = seen
  if (counts.read === 0 && definition.options.empty !== "allow") throw emptyTable(file.uri, tables.header)
  const sha256 = await file.sha256()
  const settled = (await target?.settle?.(sha256)) ?? { ...nothingSettled, loaded: counts.passed }
  if ("duplicateOf" in settled) return duplicate(delivery, sha256, settled.duplicateOf, target)
  for await (const rejects of slices(settled.refused)) {
    counts.refuse(rejects)
    await writeRejects(rejects, rejectSessions, file.uri)
  }
  const leftOut = await leftOutBy(others, sha256)
  const card = scorecard(scorer.tally, ruleset, weights)
  const failed = [
    ...failedGates(card, definition.score.minimum ?? {}),
    ...overBudget(counts, definition.options.budget),
    ...(settled.refusal === undefined ? [] : [settled.refusal]),
  ]
  const outcome: DeliveryOutcome = failed.length > 0 ? "refused" : delivery.dryRun ? "dry" : "loaded"
  for (const [table, facts] of tables.dialects) plan.keepDialect(table, facts)
  const report: DeliveryReport = {
    ...head(delivery, sha256),
    outcome,
    ...(failed.length > 0 ? { reason: failed.join("; ") } : {}),
    ...ending(counts, settled, outcome),
    issues: counts.issues,
    notices: [...tables.notices, ...job.notices, ...(target?.notices ?? []), ...leftOut],
    plan: plan.toJSON(),
    ...(delivery.dryRun && settled.changes !== undefined ? { changes: settled.changes } : {}),
    score: card,
  }
  for (const session of open.sessions) {
    await (outcome === "loaded" ? session.commit(report) : session.refuse?.(report))
    attempt.decided = true
  }
  return report
}

/** Few corrected rows may not prove which order their dates have, and the whole file did. */
async function datesOf(delivery: string, { sinks }: Definition, context: Context): Promise<PlanJson> {
  const [target] = targetFirst(sinks)
  const { dates = {} } = Plan.from(await target?.planOf?.(context, delivery)).toJSON()
  return { dates }
}

const nothingSettled: LoadCounts = { loaded: 0, superseded: 0, skipped: 0, refused: [] }

/** The ledger knows what was loaded before, so that its sink decides wherever it stands in the pipeline. */
function targetFirst(sinks: readonly Sink<AnyRow>[]): readonly Sink<AnyRow>[] {
  return [...sinks.filter(({ delivery }) => delivery === "once"), ...sinks.filter(({ delivery }) => delivery !== "once")]
}

async function keepRejects(batch: TableBatch, sessions: readonly SinkSession<Reject>[], uri: string): Promise<void> {
  if (sessions.length === 0) return
  await writeRejects(
    [...batch.rejected()].map((row) => batch.reject(row)),
    sessions,
    uri,
  )
}

async function writeRejects(rejects: readonly Reject[], sessions: readonly SinkSession<Reject>[], uri: string): Promise<void> {
  if (rejects.length === 0) return
  for (const session of sessions) await session.write(rejectBatch(rejects, uri))
}

/**
 * What the sinks beside the target have left out. Such a row is loaded, for the target has taken it: it is no reject, and must not be passed
 * over in silence either.
 */
async function leftOutBy(others: readonly SinkSession<AnyRow>[], sha256: string): Promise<readonly TableNotice[]> {
  const notices: TableNotice[] = []
  for (const session of others) {
    const settled = await session.settle?.(sha256)
    if (settled === undefined || "duplicateOf" in settled || settled.refused.length === 0) continue
    for await (const { origin, issues } of settled.refused) {
      const first = `the first of them stands in row ${origin.row}: ${issues.at(-1)?.code ?? "it does not say why"}.`
      notices.push({ code: "sink.left_out", message: `A sink beside the target left out ${settled.refused.length} rows; ${first}` })
      break
    }
  }
  return notices
}

/** Rejects a thousand at a time: as many rows as the file has may be refused. */
async function* slices(rejects: Iterable<Reject> | AsyncIterable<Reject>): AsyncGenerator<readonly Reject[], void, undefined> {
  let slice: Reject[] = []
  for await (const reject of rejects) {
    if (slice.push(reject) < 1000) continue
    yield slice
    slice = []
  }
  yield slice
}

function emptyTable(uri: string, header: readonly string[]): RowgateError {
  const columns = header.length === 0 ? "" : ` below its header (${header.slice(0, 10).join(", ")})`
  return new RowgateError({
    code: "TABLE_EMPTY",
    message: `the file has no rows${columns}`,
    remedy: 'check the export, or allow empty files with createPipeline({ empty: "allow" })',
    origin: { uri },
  })
}
