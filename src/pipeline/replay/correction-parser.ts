import { restoreFormulas } from "../../cells/neutralise-formulas.ts"
import type { Context } from "../../contract/context.ts"
import type { Correction } from "../../contract/delivery.ts"
import type { Parser } from "../../contract/parser.ts"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { columnOf } from "../../model/column-of.ts"
import { rejectColumns } from "../../model/reject-columns.ts"
import { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts } from "../../model/table-facts.ts"

/** The number in the column `_reject`, and whether the export neutralised formulas in the row. */
interface RejectMark {
  readonly number: number
  readonly neutralised: boolean
}

/** Reads corrected rejects: removes the columns that the export added, and restores texts that it neutralised. */
export function correctionParser(inner: Parser<unknown>): Parser<unknown> {
  return {
    name: `corrections in ${inner.name}`,
    async *parse(file, context) {
      const facts = new Map<TableFacts, TableFacts>()
      for await (const given of inner.parse(file, context)) {
        const batch = TableBatch.from(given)
        // If the header was neutralised, every row is marked.
        const isNeutral = Array.from({ length: batch.length }, (_, row) => markOf(batch, row)?.neutralised === true)
        const table = facts.get(batch.table) ?? { ...batch.table, header: ownNames(batch.table.header, isNeutral) }
        facts.set(batch.table, table)
        yield ownCells(batch, table, isNeutral)
      }
    },
  }
}

/** Which reject each row of a file corrects. Fails with `DELIVERY_REFUSED` if a row does not say, or if two rows correct the same reject. */
export async function readCorrection(delivery: string, inner: Parser<unknown>, file: SourceFile, context: Context): Promise<Correction> {
  const rejects: (number | undefined)[] = []
  const rowOf = new Map<number, number>()
  let table: string | undefined
  let columns: readonly string[] | undefined
  for await (const given of inner.parse(file, context)) {
    context.signal.throwIfAborted()
    const batch = TableBatch.from(given)
    table ??= batch.table.name
    if (batch.table.name !== table)
      throw unusable(file, `it has the tables ${table} and ${batch.table.name}, but corrections must be one table`)
    for (let row = 0; row < batch.length; row++) {
      const at = batch.origin(row).row
      const mark = markOf(batch, row)
      if (batch.table.growing !== true) columns ??= ownNames(batch.table.header, [mark?.neutralised === true])
      if (mark === undefined) throw unusable(file, `row ${at} has no reject number in the column _reject`)
      const run = batch.column("_run")?.at(row) ?? delivery
      if (run !== delivery) throw unusable(file, `row ${at} names a delivery other than ${delivery} in the column _run`)
      const other = rowOf.get(mark.number)
      if (other !== undefined) throw unusable(file, `rows ${other} and ${at} both correct the reject ${mark.number}`)
      rowOf.set(mark.number, at)
      rejects[at - 1] = mark.number
    }
  }
  return { delivery, rejects: Array.from(rejects), columns }
}

/** The reasons of an ndjson export are read as separate columns, which are not the row's own. */
function isOwn(name: string): boolean {
  return !rejectColumns.some((column) => column === name) && !/^_reasons[.[]/.test(name)
}

function ownNames(names: readonly string[], isNeutral: readonly boolean[]): readonly string[] {
  const own = names.filter(isOwn)
  return isNeutral[0] === true ? own.map((name) => String(restoreFormulas(name))) : own
}

function ownCells(batch: TableBatch, table: TableFacts, isNeutral: readonly boolean[]): TableBatch {
  const { length, origins } = batch
  const names = ownNames(batch.names, isNeutral)
  const columns = batch.names.filter(isOwn).map((name) => {
    const column = batch.column(name) ?? columnOf([], length)
    if (!isNeutral.includes(true)) return column
    return columnOf(isNeutral.map((neutral, row) => (neutral ? restoreFormulas(column.at(row)) : column.at(row))))
  })
  const own = TableBatch.of({ length, table, names, columns, origins })
  for (const { row, issue } of batch.issues) own.mark(row, issue)
  return own
}

function markOf(batch: TableBatch, row: number): RejectMark | undefined {
  const text = String(batch.column("_reject")?.at(row) ?? "").trim()
  const found = /^(\d{1,15})(?:\.0+)?('?)$/.exec(text)
  return found === null ? undefined : { number: Number(found[1]), neutralised: found[2] === "'" }
}

function unusable(file: SourceFile, why: string): RowgateError {
  return new RowgateError({
    code: "DELIVERY_REFUSED",
    message: `The corrections in ${file.uri} cannot be loaded: ${why}.`,
    remedy: "Correct the cells in an export of the rejects, and do not change its columns _reject and _run.",
    origin: { uri: file.uri },
  })
}
