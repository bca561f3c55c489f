import { columnOf } from "../../../src/model/column-of.ts"
import type { ColumnProfile, EarlierDelivery } from "../../../src/model/column-profile.ts"
import type { DriftFinding } from "../../../src/model/drift.ts"
import { TableBatch } from "../../../src/model/table-batch.ts"
import { DeliveryProfiler } from "../../../src/profile/drift/delivery-profiler.ts"
import { defaultBounds, findDrift } from "../../../src/profile/drift/find-drift.ts"

/** Random numbers from 0 to 1: mulberry32. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A random number of the normal distribution. */
export function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

export interface Table {
  readonly [column: string]: readonly unknown[]
}

export function batchOf(columns: Table): TableBatch {
  const names = Object.keys(columns)
  const length = columns[names[0] ?? ""]?.length ?? 0
  return TableBatch.of({
    length,
    table: { name: "t", header: names },
    names,
    columns: names.map((name) => columnOf(columns[name] ?? [], length)),
    origins: { at: (row) => ({ uri: "t", row: row + 1 }) },
  })
}

export function profilerOf(columns: Table, hides: (column: string) => boolean = () => false): DeliveryProfiler {
  const profiler = new DeliveryProfiler({ hides, readsNumbers: () => false })
  profiler.add(batchOf(columns))
  return profiler
}

function earlier(id: number, read: number, columns: readonly ColumnProfile[]): EarlierDelivery {
  return { id: String(id), finishedAt: "2025-07-01T00:00:00.000Z", read, columns }
}

/** What `now` differs in from the deliveries before it. */
export function driftOf(now: Table, before: readonly Table[]): readonly DriftFinding[] {
  const rowsOf = (table: Table) => Object.values(table)[0]?.length ?? 0
  const profiler = profilerOf(now)
  const present = {
    read: rowsOf(now),
    columns: profiler.profiles(),
    textOf: (column: string, key: number | string) => profiler.textOf(column, key),
  }
  const history = before.map((table, at) => earlier(at, rowsOf(table), profilerOf(table).profiles()))
  const report = findDrift(present, history, { least: 5, bounds: defaultBounds })
  if (report === undefined) throw new Error("there are too few deliveries")
  return report.findings
}

/** Whether two tables differ by their probabilities alone, whatever the limits of the findings: 1 if any comparison is a discovery, otherwise 0. */
export function chanceFindings(now: Table, before: Table): number {
  const profiler = profilerOf(now)
  const rows = Object.values(before)[0]?.length ?? 0
  const present = { read: rows, columns: profiler.profiles(), textOf: () => undefined }
  const bounds = { rows: 0, nulls: 0, distribution: 0, newValues: 0, vanishedValues: 0, newPatterns: 0 }
  const report = findDrift(present, [earlier(0, rows, profilerOf(before).profiles())], { least: 1, bounds })
  return (report?.findings.length ?? 0) > 0 ? 1 : 0
}
