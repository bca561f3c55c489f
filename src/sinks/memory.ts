import type { Sink } from "../contract/sink.ts"
import type { Reject } from "../model/reject.ts"
import type { DeliveryReport } from "../model/run-report.ts"
import { TableBatch } from "../model/table-batch.ts"

/** A sink that keeps everything in memory, for tests and small programs. */
export interface MemorySink<T> extends Sink<T> {
  /** The rows of committed deliveries. */
  readonly rows: readonly T[]
  /** The rejects of committed and refused deliveries. */
  readonly rejects: readonly Reject[]
  /** The reports of committed and refused deliveries, and of dry runs. */
  readonly reports: readonly DeliveryReport[]
}

/**
 * Makes a sink that keeps rows, rejects and reports in memory. Rows appear when their delivery is committed.
 *
 * @example
 * ```ts run
 * import { bytes, cell, createPipeline, memory } from "rowgate"
 *
 * const kept = memory<{ id: number | null }>()
 * await createPipeline({ name: "ids" }).from(bytes("id\n1\nx\n")).normalize({ columns: { id: cell.integer() } }).into(kept).run()
 * console.log(kept.rows, kept.rejects.map(({ raw }) => raw)) // => [ { id: 1 } ] [ { id: 'x' } ]
 * ```
 */
export function memory<T>(): MemorySink<T> {
  const rows: T[] = []
  const rejects: Reject[] = []
  const reports: DeliveryReport[] = []
  return {
    name: "memory",
    delivery: "at-least-once",
    rows,
    rejects,
    reports,
    async open(context) {
      let passed: T[] = []
      let failed: Reject[] = []
      return {
        async write(batch) {
          context.signal.throwIfAborted()
          const own = TableBatch.from(batch)
          for (const row of own.rows) passed.push(row)
          for (const row of own.rejected()) failed.push(own.reject(row))
        },
        async commit(report) {
          for (const row of passed) rows.push(row)
          for (const reject of failed) rejects.push(reject)
          reports.push(report)
        },
        async refuse(report) {
          for (const reject of failed) rejects.push(reject)
          reports.push(report)
        },
        async [Symbol.asyncDispose]() {
          passed = []
          failed = []
        },
      }
    },
  }
}
