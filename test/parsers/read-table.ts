import type { Context } from "../../src/contract/context.ts"
import { silentLogger } from "../../src/contract/logger.ts"
import type { Parser } from "../../src/contract/parser.ts"
import type { SourceFile } from "../../src/contract/source.ts"
import type { Batch } from "../../src/model/batch.ts"
import type { CellValue, Row } from "../../src/model/cell-value.ts"

/** A context for reading outside of a run. */
export function readContext(options: Partial<Context> = {}): Context {
  return { runId: "test", signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0), ...options }
}

/** Everything that a parser says about a file, as plain values. */
export interface TableRead {
  readonly header: readonly string[]
  readonly notices: readonly string[]
  /** Every row, marked or not, as values in the order of the columns. */
  readonly rows: readonly (readonly (CellValue | object)[])[]
  /** `row: code column` of each issue, rows counted from 0. */
  readonly issues: readonly string[]
  readonly batches: readonly Batch<Row>[]
}

/** Reads a file that holds one table to its end. */
export async function readTable(parser: Parser, file: SourceFile, options: Partial<Context> = {}): Promise<TableRead> {
  const batches: Batch<Row>[] = []
  for await (const batch of parser.parse(file, readContext(options))) batches.push(batch)
  let before = 0
  const rows: CellValue[][] = []
  const issues: string[] = []
  for (const batch of batches) {
    for (let row = 0; row < batch.length; row++) rows.push(batch.names.map((name) => batch.columns[name]?.at(row) ?? null))
    for (const { row, issue } of batch.issues) issues.push(`${before + row}: ${issue.code} ${issue.column ?? ""}`.trim())
    before += batch.length
  }
  const table = batches[0]?.table
  return { header: table?.header ?? [], notices: (table?.notices ?? []).map(({ code }) => code), rows, issues, batches }
}
