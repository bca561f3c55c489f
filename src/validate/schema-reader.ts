import { matchHeaders } from "../binding/match-headers.ts"
import { BooleanReader } from "../cells/readers/boolean-reader.ts"
import type { ColumnReader } from "../cells/readers/column-reader.ts"
import { ContradictedOrder } from "../cells/readers/contradicted-order.ts"
import { DateReader } from "../cells/readers/date-reader.ts"
import { NumberReader } from "../cells/readers/number-reader.ts"
import { TextReader } from "../cells/readers/text-reader.ts"
import type { Context } from "../contract/context.ts"
import { OpenPlan } from "../contract/plan-book.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import type { Column } from "../model/column.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { SchemaColumn, SchemaStructure } from "./schema-column.ts"

/** Finds the schema's columns in a table and reads the ones that are still as the file gave them. */
export class SchemaReader {
  readonly #columns: readonly SchemaColumn[]
  readonly #others: SchemaStructure["others"]
  readonly #context: Context
  readonly #readers = new Map<string, ColumnReader>()
  #headers = new Map<string, string>()

  constructor(structure: SchemaStructure, context: Context) {
    this.#columns = structure.columns ?? []
    this.#others = structure.columns === undefined ? "drop" : structure.others
    this.#context = context
  }

  /** Settles, for a table, which of its columns each property is. */
  settle(batch: TableBatch): void {
    const plan = this.#context.plan ?? new OpenPlan()
    const found = plan.settle(`validate.headers:${batch.table.name}`, () => {
      const matched = matchHeaders(
        this.#columns.map(({ name }) => ({ name, aliases: [] })),
        batch.names,
      )
      return [...matched].filter(([name, header]) => name !== header)
    })
    this.#headers = new Map(found)
    this.#findLate(batch)
    const present = new Set(batch.names.map((name) => [...this.#headers].find(([, header]) => header === name)?.[0] ?? name))
    const lacking = this.#columns.filter(
      ({ name, whenMissing }) => whenMissing === "required" && isMissing(batch, this.#headers.get(name) ?? name),
    )
    if (lacking.length > 0) throw columnsMissing(lacking, batch)
    const named = new Set(this.#columns.map(({ name }) => name))
    const unexpected = [...present].filter((name) => !named.has(name))
    if (this.#others === "refuse" && unexpected.length > 0) throw columnsUnexpected(unexpected, batch)
  }

  /** Rows of a program, or of JSON, may bring a column only after some thousands of rows: what is settled stays, what was missing is looked for. */
  #findLate(batch: TableBatch): void {
    const open = this.#columns.filter(({ name }) => !batch.names.includes(this.#headers.get(name) ?? name))
    const taken = new Set(this.#columns.map(({ name }) => this.#headers.get(name) ?? name))
    const late = matchHeaders(
      open.map(({ name }) => ({ name, aliases: [] })),
      batch.names.filter((name) => !taken.has(name)),
    )
    for (const [name, header] of late) this.#headers.set(name, header)
  }

  /** The batch with the schema's columns under their own names, each read as its kind. */
  read(batch: TableBatch): TableBatch {
    const names = batch.names.map((name) => [...this.#headers].find(([, header]) => header === name)?.[0] ?? name)
    const { columns, absent } = batch.shape
    const named = batch.withShape({ names, columns, absent })
    const read = new Map<string, Column<unknown>>()
    for (const column of this.#columns) {
      const cells = named.column(column.name) ?? new MissingColumn(batch.length)
      read.set(column.name, this.#readColumn(column, cells, named))
    }
    return named.withColumns(read)
  }

  #readColumn({ name, kind, catches }: SchemaColumn, cells: Column<unknown>, batch: TableBatch): Column<unknown> {
    if (kind === "any" || cells instanceof MissingColumn || cells.kind === kind) return cells
    if (kind === "text" && (cells.kind === "bytes" || cells.kind === "dictionary")) return cells
    let reader = this.#readers.get(name)
    if (reader === undefined) {
      reader = this.#readerOf(name, kind, cells)
      this.#readers.set(name, reader)
    }
    try {
      return reader.read(cells, (row, code, message, suggestion) => {
        if (catches) return
        const issue = {
          code,
          message,
          rule: `schema.${name}`,
          dimension: "validity",
          column: name,
          severity: "error",
          confidence: 1,
        } as const
        batch.mark(row, suggestion === undefined ? issue : { ...issue, suggestion })
      })
    } catch (error) {
      throw error instanceof ContradictedOrder ? error.in(batch, name) : error
    }
  }

  #readerOf(name: string, kind: "text" | "number" | "date" | "boolean", sample: Column<unknown>): ColumnReader {
    if (kind === "text") return new TextReader({ trim: false })
    if (kind === "number") return new NumberReader()
    if (kind === "boolean") return new BooleanReader()
    const reader = new DateReader()
    const plan = this.#context.plan ?? new OpenPlan()
    const order = plan.settle(`validate.dates:${name}`, () => reader.settle(sample) ?? null)
    return order === null ? reader : reader.inOrder(order)
  }
}

function isMissing(batch: TableBatch, name: string): boolean {
  const column = batch.column(name)
  return column === undefined || column instanceof MissingColumn
}

function columnsMissing(lacking: readonly SchemaColumn[], batch: TableBatch): RowgateError {
  const names = lacking.map(({ name }) => `"${name}"`).join(", ")
  return new RowgateError({
    code: "COLUMN_MISSING",
    message: `the table "${shownText(batch.table.name)}" lacks what the schema requires: ${names}`,
    remedy: `its columns are ${listed(batch.names)}: map them with normalize({ headers: ... }), or make the property optional`,
    origin: { table: batch.table.name, column: lacking[0]?.name },
  })
}

function columnsUnexpected(unexpected: readonly string[], batch: TableBatch): RowgateError {
  return new RowgateError({
    code: "COLUMN_UNEXPECTED",
    message: `the table "${shownText(batch.table.name)}" has columns that the strict schema does not name: ${listed(unexpected)}`,
    remedy: "name them in the schema, or make it z.object(...) instead of z.strictObject(...)",
    origin: { table: batch.table.name, column: unexpected[0] },
  })
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 30).map((name) => `"${name}"`)
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ")
}
