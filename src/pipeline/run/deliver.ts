import { randomUUID } from "node:crypto"
import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import { OpenPlan } from "../../contract/plan-book.ts"
import type { LoadCounts, SettledPlan, Sink, SinkSession } from "../../contract/sink.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { JsonValue } from "../../model/json-value.ts"
import type { Reject } from "../../model/reject.ts"
import { type DeliveryOutcome, type DeliveryReport, noRows } from "../../model/run-report.ts"
import type { Scorecard } from "../../model/scorecard.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { ReadAhead } from "../../parsers/files/read-ahead.ts"
import { failedGates } from "../../score/gate.ts"
import { createRuleset } from "../../score/ruleset.ts"
import { scorecard } from "../../score/scorecard.ts"
import { Scorer } from "../../score/scorer.ts"
import { completeWeights } from "../../score/weights.ts"
import { declareAll } from "../build/compose.ts"
import type { AnyRow, Definition } from "../build/definition.ts"
import { flow } from "../build/flow.ts"
import type { RejectBudget } from "../build/pipeline-options.ts"
import type { DeliveryAttempt } from "./delivery-attempt.ts"
import { DeliveryCounts } from "./delivery-counts.ts"
import { withDigest } from "./hashed-file.ts"
import { rejectBatch } from "./reject-batch.ts"
import type { RunSettings } from "./run-options.ts"
import { tryEach } from "./try-each.ts"

/**
 * One delivery from claim to commit: open the target, stream the batches, resolve what the whole file decides, then commit, refuse, or
 * undo. The target is the sink that keeps a ledger, else the first; the others, and the sinks of rejects, are committed after it.
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
  const plan = new OpenPlan(corrects && (await datesOf(corrects.delivery, definition, run)))
  const context = { ...run, plan, reuse: true }
  const { stages, score } = definition
  const declared = declareAll(stages)
  const weights = completeWeights({ ...options.weights, ...score.weights })
  const ruleset = createRuleset(declared.rules, score)
  for (const sink of definition.sinks) sink.prepare?.(context)
  await using batches = new ReadAhead(flow(definition, file, context))
  const digest = file.rereadable === true ? file.sha256() : undefined
  // Hashing goes on in a thread, and opening the target is waiting for it. A duplicate has then read one batch for nothing.
  if (digest !== undefined) batches.begin()
  digest?.catch(() => undefined)
  const sourceTable = file.once === true ? undefined : await definition.parser.locate?.(file, context)
  const delivery: Delivery = {
    id: randomUUID(),
    pipeline: definition.options.name,
    uri: file.uri,
    version: file.version,
    sequence: file.sequence,
    sha256: await digest,
    sourceTable,
    columns: declared.columns([]) ?? [],
    contractVersion: definition.options.version,
    asOf: options.asOf,
    dryRun: options.dryRun ?? false,
    reload: options.reload,
    corrects,
  }

  await using open = new OpenSessions(context, delivery)
  const [target, ...others] = await open.all(targetFirst(definition.sinks), () => {
    attempt.reached = true
  })
  if (target?.duplicateOf !== undefined) return duplicate(delivery, await file.sha256(), target.duplicateOf, target)
  if (target?.refusal !== undefined) {
    const report = unread(delivery, await file.sha256(), { outcome: "refused", reason: target.refusal })
    await target.refuse?.(report)
    return report
  }
  const rejectSessions = await open.all(definition.rejectSinks)

  const counts = new DeliveryCounts()
  const scorer = new Scorer(ruleset, weights, context.asOf)
  const tables = new Tables()
  for await (const batch of batches) {
    tables.add(batch)
    scorer.add(batch)
    counts.add(batch)
    if (rejectSessions.length > 0)
      await keepRejects(
        [...batch.rejected()].map((row) => batch.reject(row)),
        rejectSessions,
        file.uri,
      )
    for (const session of [target, ...others]) await session?.write(batch)
    options.onProgress?.({ uri: file.uri, read: counts.read, rejected: counts.rejected, attempt: attempt.number })
  }
  context.signal.throwIfAborted()
  if (counts.read === 0 && definition.options.empty !== "allow") throw emptyTable(file.uri, tables.header)

  const sha256 = await file.sha256()
  const settled = (await target?.settle?.(sha256)) ?? { ...nothingSettled, loaded: counts.passed }
  if ("duplicateOf" in settled) return duplicate(delivery, sha256, settled.duplicateOf, target)
  for await (const rejects of slices(settled.refused)) {
    counts.refuse(rejects)
    await keepRejects(rejects, rejectSessions, file.uri)
  }
  const leftOut = await leftOutBy(others, sha256)

  const card = scorecard(scorer.tally, ruleset, weights)
  const failed = [
    ...failedGates(card, score.minimum ?? {}),
    ...overBudget(counts, definition.options.budget),
    ...(settled.refusal === undefined ? [] : [settled.refusal]),
  ]
  const outcome: DeliveryOutcome = failed.length > 0 ? "refused" : delivery.dryRun ? "dry" : "loaded"
  const report: DeliveryReport = {
    ...head(delivery, sha256),
    outcome,
    ...(failed.length > 0 ? { reason: failed.join("; ") } : {}),
    ...ending(counts, settled, outcome),
    issues: counts.issues,
    notices: [...tables.notices, ...(target?.notices ?? []), ...leftOut],
    plan: { ...plan.toJSON(), ...tables.facts },
    ...(delivery.dryRun && settled.changes !== undefined ? { changes: settled.changes } : {}),
    score: card satisfies Scorecard,
  }
  for (const session of open.sessions) {
    await (outcome === "loaded" ? session.commit(report) : session.refuse?.(report))
    attempt.decided = true
  }
  return report
}

/** Few corrected rows may not prove which order their dates have, and the whole file did. */
async function datesOf(delivery: string, { sinks }: Definition, context: Context): Promise<SettledPlan> {
  const [target] = targetFirst(sinks)
  const plan = (await target?.planOf?.(context, delivery)) ?? {}
  return Object.fromEntries(Object.entries(plan).filter(([key]) => /^(normalize|validate)\.dates:/.test(key)))
}

const nothingSettled: LoadCounts = { loaded: 0, superseded: 0, skipped: 0, refused: [] }

/** The ledger knows what was loaded before, so that its sink decides wherever it stands in the pipeline. */
function targetFirst(sinks: readonly Sink<AnyRow>[]): readonly Sink<AnyRow>[] {
  return [...sinks.filter(({ delivery }) => delivery === "once"), ...sinks.filter(({ delivery }) => delivery !== "once")]
}

/** Why the rejects are too many: one sentence for each limit that they exceed. */
function overBudget(
  { read, rejected }: DeliveryCounts,
  { rows = Number.POSITIVE_INFINITY, share = 1 }: RejectBudget = {},
): readonly string[] {
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`
  const most = rejected > rows ? [`${rejected} rows were rejected, and may be at most ${rows}`] : []
  return rejected > share * read
    ? [...most, `${percent(rejected / read)} of the rows were rejected, and may be at most ${percent(share)}`]
    : most
}

/** Where every row ended. Good rows of a delivery that is not loaded are withheld, whatever the target would have made of them. */
function ending(
  counts: DeliveryCounts,
  settled: { readonly loaded: number; readonly superseded: number; readonly skipped: number },
  outcome: DeliveryOutcome,
) {
  const { read, rejected, filtered, passed } = counts
  if (outcome !== "loaded") return { ...noRows, read, rejected, filtered, withheld: passed }
  const { loaded, superseded, skipped } = settled
  return { ...noRows, read, rejected, filtered, loaded, superseded, skipped }
}

function head({ id, uri, version, sourceTable }: Delivery, sha256: string) {
  return {
    deliveryId: id,
    uri,
    sha256,
    ...(version === undefined ? {} : { version }),
    ...(sourceTable === undefined ? {} : { sourceTable }),
  }
}

function duplicate(delivery: Delivery, sha256: string, duplicateOf: string, target: SinkSession<AnyRow> | undefined): DeliveryReport {
  const reason = `these bytes were loaded before, by the delivery ${duplicateOf}`
  // The ledger has no entry of this delivery: whoever looks it up finds the one that loaded the bytes.
  const known = { ...delivery, id: duplicateOf }
  return { ...unread(known, sha256, { outcome: "duplicate", duplicateOf, reason }), notices: target?.notices ?? [] }
}

/** The report of a delivery whose rows were not looked at. */
function unread(delivery: Delivery, sha256: string, end: Pick<DeliveryReport, "outcome" | "reason" | "duplicateOf">): DeliveryReport {
  return { ...head(delivery, sha256), ...noRows, ...end, issues: {}, notices: [], plan: {}, score: undefined }
}

async function keepRejects(rejects: readonly Reject[], sessions: readonly SinkSession<Reject>[], uri: string): Promise<void> {
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

/** The sessions of one delivery, closed in reverse order whatever happens. */
class OpenSessions implements AsyncDisposable {
  readonly sessions: SinkSession<AnyRow>[] = []
  readonly #context: Context
  readonly #delivery: Delivery

  constructor(context: Context, delivery: Delivery) {
    this.#context = context
    this.#delivery = delivery
  }

  async all(sinks: readonly Sink<AnyRow>[], onOpen: () => void = () => undefined): Promise<readonly SinkSession<AnyRow>[]> {
    const opened: SinkSession<AnyRow>[] = []
    for (const sink of sinks) {
      const session = await sink.open(this.#context, this.#delivery)
      this.sessions.push(session)
      opened.push(session)
      onOpen()
    }
    return opened
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await tryEach(this.sessions.toReversed(), (session) => session[Symbol.asyncDispose]())
  }
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

/** What the reader said of the tables it met. */
class Tables {
  readonly #seen = new Map<string, TableBatch["table"]>()

  add({ table }: TableBatch): void {
    this.#seen.set(table.name, table)
  }

  get header(): readonly string[] {
    return [...this.#seen.values()][0]?.header ?? []
  }

  get notices(): readonly TableNotice[] {
    return [...this.#seen.values()].flatMap(({ notices }) => notices ?? [])
  }

  get facts(): { readonly [fact: string]: JsonValue } {
    return Object.fromEntries(
      [...this.#seen.values()].flatMap(({ name, facts }) => (facts === undefined ? [] : [[`table:${name}`, facts]])),
    )
  }
}
