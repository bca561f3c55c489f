import { createHash, randomUUID } from "node:crypto"
import type { Context } from "../../src/contract/context.ts"
import type { Delivery } from "../../src/contract/delivery.ts"
import { silentLogger } from "../../src/contract/logger.ts"
import type { Sink, StagedParts } from "../../src/contract/sink.ts"
import type { DeliveryReport } from "../../src/model/run-report.ts"
import type { TableBatch } from "../../src/model/table-batch.ts"
import { SinkDelivery } from "../../src/pipeline/run/sink-delivery.ts"
import { batchOf } from "./batch-of.ts"

/** A row of a test's file. The pipeline rejects it if it has the cell `bad`. */
export type TestRow = { readonly [column: string]: unknown }

/** Batches of rows, a few rows in each, with their numbers in the file. Rows with `bad` are rejected. */
function batchesOf(rows: readonly TestRow[], first = 0, size = 7): TableBatch<object>[] {
  const batches: TableBatch<object>[] = []
  for (let from = 0; from < rows.length; from += size) {
    const slice = rows.slice(from, from + size)
    const cells = slice.map(({ bad: _, ...row }) => row)
    const batch = batchOf(cells, "memory:test", first + from + 1)
    for (const [row, { bad }] of slice.entries()) if (bad === true) batch.fail(row, { code: "test.bad", message: "the row is bad" })
    batches.push(batch)
  }
  return batches
}

/** A delivery whose rows are cut into parts. */
export interface TestParts {
  readonly delivery: Delivery
  readonly context: Context
  readonly parts: readonly (readonly TestRow[])[]
}

export function partsOf(
  parts: readonly (readonly TestRow[])[],
  delivery: Partial<Delivery> = {},
  context: Partial<Context> = {},
): TestParts {
  const sha256 = createHash("sha256").update(JSON.stringify(parts.flat())).digest("hex")
  return {
    parts,
    delivery: { id: randomUUID(), pipeline: "test", uri: "memory:test", sha256, columns: [], dryRun: false, ...delivery },
    context: { runId: randomUUID(), signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0), ...context },
  }
}

/** The batches of a part, with their numbers in the file. */
export function batchesOfPart({ parts }: TestParts, part: number): TableBatch<object>[] {
  const first = parts.slice(0, part).reduce((sum, rows) => sum + rows.length, 0)
  return batchesOf(parts[part] ?? [], first)
}

/** Stages one part. */
export async function stage(sink: Sink<object>, given: TestParts, part: number, source: string | undefined = `part ${part}`) {
  if (sink.stage === undefined) throw new Error("the sink cannot stage")
  async function* batches() {
    yield* batchesOfPart(given, part)
  }
  return sink.stage(given.context, given.delivery, { number: part, source, batches: batches() })
}

/** Tells a sink about staged parts. */
export function stagedParts(given: TestParts): StagedParts {
  return {
    count: given.parts.length,
    passing: (part) => given.parts[part]?.filter(({ bad }) => bad !== true).length ?? 0,
    async rowAt(part, row) {
      let left = row
      for (const batch of batchesOfPart(given, part)) {
        if (left < batch.length) return { batch, row: left }
        left -= batch.length
      }
      throw new Error(`the part ${part} has no row ${row}`)
    },
  }
}

/** Loads staged parts. The rejected rows of the pipeline go through `write`. */
export function publish(sink: Sink<object>, given: TestParts, refuse?: string): Promise<DeliveryReport> {
  return load(sink, given, true, refuse)
}

/** Loads all rows of all parts at once. */
export function loadWhole(sink: Sink<object>, given: TestParts): Promise<DeliveryReport> {
  return load(sink, given, false)
}

async function load(sink: Sink<object>, given: TestParts, adopts: boolean, refuse?: string): Promise<DeliveryReport> {
  const { delivery, context } = given
  const sha256 = delivery.sha256 ?? createHash("sha256").update(JSON.stringify(given.parts.flat())).digest("hex")
  await using sinks = new SinkDelivery<object>(context, delivery)
  await sinks.open([sink])
  const unread = await sinks.endUnread(() => sha256)
  if (unread !== undefined) return unread
  if (adopts) await sinks.target?.adopt?.(stagedParts(given))
  for (const part of given.parts.keys()) {
    for (const batch of batchesOfPart(given, part)) {
      sinks.counts.add(batch)
      if (adopts) for (const row of [...batch.selection]) batch.drop(row)
      await sinks.target?.write(batch)
    }
  }
  const settled = await sinks.settle(sha256)
  if (settled.duplicateOf !== undefined) return sinks.duplicate(sha256, settled.duplicateOf)
  const reason = refuse ?? settled.refusal
  if (reason !== undefined) return await sinks.end(sha256, settled, { outcome: "refused", reason })
  return await sinks.end(sha256, settled, { outcome: "loaded" })
}
