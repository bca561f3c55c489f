import type { DeliveryReport, Reject, Sink } from "../../../src/index.ts"
import { TableBatch } from "../../../src/model/table-batch.ts"

/** A sink that keeps what it gets. */
export interface CapturedSink {
  readonly sink: Sink<unknown>
  readonly rejects: Sink<Reject>
  /** The rows and reports of committed deliveries, and the rejects of all. */
  readonly seen: { rows: unknown[]; quality: number[]; rejects: unknown[]; reports: DeliveryReport[] }
}

/** A target that is not a database: it takes everything, and shows a refused delivery's report too. */
export function capturedSink(): CapturedSink {
  const seen: CapturedSink["seen"] = { rows: [], quality: [], rejects: [], reports: [] }
  return {
    seen,
    sink: {
      name: "captured",
      // It says so, because functions need a target with a ledger.
      delivery: "once",
      async open() {
        const rows: unknown[] = []
        const quality: number[] = []
        return {
          async write(batch) {
            rows.push(...structuredClone([...batch.rows]))
            const own = TableBatch.from(batch)
            for (const row of own.selection) quality.push(own.quality?.[row] ?? Number.NaN)
          },
          async commit(report) {
            seen.rows.push(...rows)
            seen.quality.push(...quality)
            seen.reports.push(report)
          },
          async refuse(report) {
            seen.reports.push(report)
          },
          async [Symbol.asyncDispose]() {},
        }
      },
    },
    rejects: {
      name: "captured rejects",
      delivery: "at-least-once",
      async open() {
        const rejects: unknown[] = []
        const keep = async () => void seen.rejects.push(...rejects)
        return {
          async write(batch) {
            rejects.push(...structuredClone([...batch.rows].map((row) => ({ ...row }))))
          },
          commit: keep,
          refuse: keep,
          async [Symbol.asyncDispose]() {},
        }
      },
    },
  }
}
