import { createHash, randomUUID } from "node:crypto"
import type { Context } from "../../src/contract/context.ts"
import type { Delivery } from "../../src/contract/delivery.ts"
import { silentLogger } from "../../src/contract/logger.ts"
import type { Sink } from "../../src/contract/sink.ts"
import type { ColumnSpec } from "../../src/model/column-spec.ts"
import type { DeliveryReport } from "../../src/model/run-report.ts"
import type { TableBatch } from "../../src/model/table-batch.ts"
import { SinkDelivery } from "../../src/pipeline/run/sink-delivery.ts"

/** What a test can set on a delivery. */
export interface TestDelivery {
  readonly content?: string
  readonly columns?: readonly ColumnSpec[]
  readonly delivery?: Partial<Delivery>
  readonly context?: Partial<Context>
  readonly refuse?: string
  /** Whether the hash becomes known only after the last batch. */
  readonly hashLast?: boolean
}

/** Delivers batches to a sink as a pipeline does. */
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
  await using sinks = new SinkDelivery<object>(context, delivery)
  await sinks.open([sink])
  const unread = await sinks.endUnread(() => sha256)
  if (unread !== undefined) return unread
  for await (const batch of batches) await sinks.write(batch)
  const settled = await sinks.settle(sha256)
  if (settled.duplicateOf !== undefined) return sinks.duplicate(sha256, settled.duplicateOf)
  if (options.refuse !== undefined) return await sinks.end(sha256, settled, { outcome: "refused", reason: options.refuse })
  return await sinks.end(sha256, settled, { outcome: delivery.dryRun ? "dry" : "loaded" })
}

/** A context that is never aborted. */
function testContext(context: Partial<Context> = {}): Context {
  return { runId: randomUUID(), signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0), ...context }
}
