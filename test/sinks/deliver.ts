import { createHash, randomUUID } from "node:crypto"
import type { Context } from "../../src/contract/context.ts"
import type { Delivery } from "../../src/contract/delivery.ts"
import { silentLogger } from "../../src/contract/logger.ts"
import type { Sink } from "../../src/contract/sink.ts"
import type { ColumnSpec } from "../../src/model/column-spec.ts"
import { type DeliveryReport, noRows } from "../../src/model/run-report.ts"
import type { TableBatch } from "../../src/model/table-batch.ts"

/** What can be set on a delivery of a test. */
export interface TestDelivery {
  readonly content?: string
  readonly columns?: readonly ColumnSpec[]
  readonly delivery?: Partial<Delivery>
  readonly context?: Partial<Context>
  readonly refuse?: string
  /** Whether the hash is known only after the last batch. */
  readonly hashLast?: boolean
}

/** Brings batches into a sink as a pipeline does. */
export async function deliver(
  sink: Sink<object>,
  batches: Iterable<TableBatch<object>> | AsyncIterable<TableBatch<object>>,
  options: TestDelivery = {},
): Promise<DeliveryReport> {
  const sha256 = createHash("sha256")
    .update(options.content ?? "content")
    .digest("hex")
  const context = testContext(options.context)
  const delivery: Delivery = {
    id: randomUUID(),
    pipeline: "test",
    uri: "memory:test",
    sha256: options.hashLast === true ? undefined : sha256,
    columns: options.columns ?? [],
    dryRun: false,
    ...options.delivery,
  }
  const head = { deliveryId: delivery.id, uri: delivery.uri, sha256, issues: {}, notices: [], plan: {}, score: undefined }
  await using session = await sink.open(context, delivery)
  if (session.duplicateOf !== undefined) return { ...head, ...noRows, outcome: "duplicate", duplicateOf: session.duplicateOf }
  let read = 0
  let passed = 0
  let rejected = 0
  let filtered = 0
  for await (const batch of batches) {
    read += batch.length
    passed += batch.selection.size
    filtered += batch.filtered
    rejected += batch.length - batch.selection.size - batch.filtered
    await session.write(batch)
  }
  const settled = (await session.settle?.(sha256)) ?? { loaded: passed, superseded: 0, skipped: 0, refused: [] }
  if ("duplicateOf" in settled) return { ...head, ...noRows, outcome: "duplicate", duplicateOf: settled.duplicateOf }
  const { loaded, superseded, skipped, refused } = settled
  const counts = { ...noRows, read, filtered, rejected: rejected + refused.length }
  if (options.refuse !== undefined || delivery.dryRun) {
    const outcome = options.refuse === undefined ? "dry" : "refused"
    const reason = options.refuse === undefined ? {} : { reason: options.refuse }
    const report: DeliveryReport = { ...head, ...counts, withheld: passed - refused.length, outcome, ...reason }
    await session.refuse?.(report)
    return report
  }
  const report: DeliveryReport = { ...head, ...counts, loaded, superseded, skipped, outcome: "loaded" }
  await session.commit(report)
  return report
}

/** A context that nothing aborts. */
function testContext(context: Partial<Context> = {}): Context {
  return { runId: randomUUID(), signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0), ...context }
}
