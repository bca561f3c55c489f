import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import type { LoadCounts, Sink, SinkSession, StagedParts } from "../../contract/sink.ts"
import type { Batch } from "../../model/batch.ts"
import type { Reject } from "../../model/reject.ts"
import { type DeliveryReport, noRows, type RowCounts } from "../../model/run-report.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import { channels } from "../trace/channels.ts"
import type { SinkTrace } from "../trace/trace-messages.ts"
import { traced } from "../trace/traced.ts"
import { DeliveryCounts } from "./delivery-counts.ts"
import { rejectBatch } from "./reject-batch.ts"
import { tryEach } from "./try-each.ts"

/** What happened to the passing rows. */
export interface SettledDelivery extends Omit<LoadCounts, "refused"> {
  /** The delivery that loaded the same bytes before. */
  readonly duplicateOf?: string | undefined
  /** How many rows the target refused, by its own count. */
  readonly refusedCount: number
  /** What the sinks beside the target left out. */
  readonly notices: readonly TableNotice[]
}

/** The outcome of a delivery, and the parts of its report that the sinks do not determine. */
export type DeliveryEnd = { readonly outcome: "loaded" | "refused" | "dry" } & Partial<
  Pick<DeliveryReport, "reason" | "skippedAbove" | "notices" | "columns" | "normalized" | "plan" | "changes" | "drift" | "score">
>

/**
 * One delivery, and the sessions that its sinks opened for it. Call the methods from top to bottom: `SinkSession` promises that order to a sink.
 * Disposing closes the sessions and undoes what was not committed.
 */
export class SinkDelivery<T> implements AsyncDisposable {
  readonly delivery: Delivery
  readonly counts = new DeliveryCounts()
  readonly #context: Context
  readonly #sessions: SinkSession<T>[] = []
  readonly #rejectSessions: SinkSession<Reject>[] = []
  /** Names of the sinks, for messages. */
  readonly #names = new Map<AsyncDisposable, string>()

  constructor(context: Context, delivery: Delivery) {
    this.#context = context
    this.delivery = delivery
  }

  /** The session that decides about the rows: that of the first sink. */
  get target(): SinkSession<T> | undefined {
    return this.#sessions[0]
  }

  /** Opens the sinks, the target first, and then the sinks of rejects unless the target wants no rows. Calls `onOpen` after each of `sinks`. */
  async open(sinks: readonly Sink<T>[], rejectSinks: readonly Sink<Reject>[] = [], onOpen?: () => void): Promise<void> {
    for (const sink of sinks) {
      this.#sessions.push(await this.#open(sink))
      onOpen?.()
    }
    const { duplicateOf, refusal, refused } = this.target ?? {}
    if (duplicateOf !== undefined || refusal !== undefined || refused !== undefined) return
    for (const sink of rejectSinks) this.#rejectSessions.push(await this.#open(sink))
  }

  /** Ends a delivery if the target wants no rows from it, and returns its report. Undefined if the rows must be read. */
  async endUnread(sha256: () => string | PromiseLike<string>): Promise<DeliveryReport | undefined> {
    const { duplicateOf, refusal, refused } = this.target ?? {}
    if (refused !== undefined) return refused
    if (duplicateOf !== undefined) return this.duplicate(await sha256(), duplicateOf)
    if (refusal === undefined) return undefined
    const report = this.#report(await sha256(), noRows, { outcome: "refused", reason: refusal })
    if (this.target !== undefined) await this.#refuse(this.target, report)
    return report
  }

  async write(batch: Batch<T>): Promise<void> {
    this.counts.add(TableBatch.from(batch))
    await this.writeCounted(batch)
  }

  /** Writes rows that `counts` has already. */
  async writeCounted(batch: Batch<T>): Promise<void> {
    const own = TableBatch.from(batch)
    if (this.#rejectSessions.length > 0) await this.#keep(Array.from(own.rejected(), (row) => own.reject(row)))
    for (const session of this.#sessions) await this.#traced(session, "write", () => session.write(batch), batch.length)
  }

  /** Takes rows that the sinks have staged, instead of writing them. */
  async adopt(parts: StagedParts): Promise<void> {
    for (const session of this.#sessions) await session.adopt?.(parts)
  }

  /** Does the work of the delivery. If it fails, the sessions learn why before they are closed. */
  async whole<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work()
    } catch (error) {
      for (const session of this.#sessions) session.fail?.(error)
      throw error
    }
  }

  /** Undoes the writes and closes the sessions, for a delivery that starts again. */
  async undo(): Promise<void> {
    const sessions = [...this.#sessions.splice(0), ...this.#rejectSessions.splice(0)].toReversed()
    await tryEach(sessions, (session: AsyncDisposable) => session[Symbol.asyncDispose]())
  }

  /** Call it after the last batch. Rows that the target refuses are counted, kept as rejects, and passed to `onRefused`, a thousand at a time. */
  async settle(sha256: string, onRefused?: (rejects: readonly Reject[]) => void): Promise<SettledDelivery> {
    const settled = (this.target && (await this.#settle(this.target, sha256))) ?? { ...nothingSettled, loaded: this.counts.passed }
    if ("duplicateOf" in settled) return { ...nothingSettled, ...settled }
    for await (const rejects of slices(settled.refused)) {
      this.counts.refuse(rejects)
      onRefused?.(rejects)
      await this.#keep(rejects)
    }
    const { loaded, superseded, skipped, changes, refusal, committed } = settled
    return {
      loaded,
      superseded,
      skipped,
      changes,
      refusal,
      committed,
      refusedCount: settled.refused.length,
      notices: await leftOutBy(this.#sessions.slice(1), (session) => this.#settle(session, sha256)),
    }
  }

  /** The report of a delivery whose bytes were loaded before. */
  duplicate(sha256: string, duplicateOf: string): DeliveryReport {
    const reason = `these bytes were loaded before, by the delivery ${duplicateOf}`
    return {
      ...this.#report(sha256, noRows, { outcome: "duplicate", reason, notices: this.target?.notices ?? [] }),
      // The ledger has no entry for this delivery, so the report leads to the one that loaded the bytes.
      deliveryId: duplicateOf,
      duplicateOf,
      issues: {},
    }
  }

  /** Commits or refuses in every session, calls `onDecided` after each, and returns the report. */
  async end(sha256: string, settled: SettledDelivery, end: DeliveryEnd, onDecided?: () => void): Promise<DeliveryReport> {
    const { read, rejected, filtered, passed } = this.counts
    const { loaded, superseded, skipped } = settled
    // If the delivery is not loaded, its good rows are withheld, whatever the target would have done with them.
    const ends = end.outcome === "loaded" ? { loaded, superseded, skipped } : { withheld: passed }
    const report = this.#report(sha256, { ...noRows, read, rejected, filtered, ...ends }, end)
    const isLoaded = end.outcome === "loaded"
    const decide = async (session: SinkSession<never>, isKept: boolean) => {
      await (isKept ? this.#traced(session, "commit", () => session.commit(report)) : this.#refuse(session, report))
      onDecided?.()
    }
    for (const session of this.#sessions) await decide(session, isLoaded)
    // The rejects of a refused delivery say what is wrong with it.
    for (const session of this.#rejectSessions) await decide(session, isLoaded || end.outcome === "refused")
    return report
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undo()
  }

  #report(sha256: string, rows: RowCounts, end: Pick<DeliveryReport, "outcome"> & Omit<DeliveryEnd, "outcome">): DeliveryReport {
    const { id, uri, version, sourceTable } = this.delivery
    const report: DeliveryReport = {
      deliveryId: id,
      uri,
      sha256,
      ...(version === undefined ? {} : { version }),
      ...(sourceTable === undefined ? {} : { sourceTable }),
      ...rows,
      issues: this.counts.issues,
      ...(rows === noRows ? {} : { examples: this.counts.examples.toJSON() }),
      notices: [],
      plan: {},
      score: undefined,
      ...end,
    }
    return this.target?.redact?.(report) ?? report
  }

  async #open<R>(sink: Sink<R>): Promise<SinkSession<R>> {
    const session = await traced(
      channels.sink,
      () => this.#trace(sink.name, "open"),
      () => sink.open(this.#context, this.delivery),
    )
    this.#names.set(session, sink.name)
    return session
  }

  async #traced<R>(session: AsyncDisposable, operation: SinkTrace["operation"], call: () => Promise<R>, rows?: number): Promise<R> {
    return await traced(channels.sink, () => this.#trace(this.#names.get(session) ?? "", operation, rows), call)
  }

  #trace(sink: string, operation: SinkTrace["operation"], rows?: number): SinkTrace {
    const { id: deliveryId, pipeline, uri } = this.delivery
    return { runId: this.#context.runId, pipeline, deliveryId, uri, sink, operation, ...(rows === undefined ? {} : { rows }) }
  }

  async #settle(session: SinkSession<T>, sha256: string): Promise<LoadCounts | { readonly duplicateOf: string } | undefined> {
    return await this.#traced(session, "settle", async () => session.settle?.(sha256))
  }

  async #refuse(session: SinkSession<never>, report: DeliveryReport): Promise<void> {
    await this.#traced(session, "refuse", async () => session.refuse?.(report))
  }

  async #keep(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return
    for (const session of this.#rejectSessions) await session.write(rejectBatch(rejects, this.delivery.uri))
  }
}

const nothingSettled = { loaded: 0, superseded: 0, skipped: 0, refused: [], refusedCount: 0, notices: [] }

/** What the sinks beside the target left out. The target took these rows, so they are loaded and not rejected, but the report must name them. */
async function leftOutBy<S>(
  others: readonly S[],
  settle: (session: S) => Promise<LoadCounts | { readonly duplicateOf: string } | undefined>,
): Promise<readonly TableNotice[]> {
  const notices: TableNotice[] = []
  for (const session of others) {
    const settled = await settle(session)
    if (settled === undefined || "duplicateOf" in settled || settled.refused.length === 0) continue
    const { length } = settled.refused
    for await (const { origin, issues } of settled.refused) {
      const first = `the first is row ${origin.row}: ${issues.at(-1)?.code ?? "the sink gave no reason"}`
      notices.push({
        code: "sink.left_out",
        message: `A sink beside the target left out ${length} ${length === 1 ? "row" : "rows"}; ${first}.`,
      })
      break
    }
  }
  return notices
}

/** Rejects a thousand at a time: a target may refuse as many rows as the file has. */
async function* slices(rejects: Iterable<Reject> | AsyncIterable<Reject>): AsyncGenerator<readonly Reject[], void, undefined> {
  let slice: Reject[] = []
  for await (const reject of rejects) {
    if (slice.push(reject) < 1000) continue
    yield slice
    slice = []
  }
  yield slice
}
