import { ColumnBinding, type LackingColumn } from "../binding/column-binding.ts"
import { DateBinding } from "../binding/date-binding.ts"
import { blanksToNull } from "../cells/blank-cells.ts"
import { BooleanReader } from "../cells/readers/boolean-reader.ts"
import type { ColumnReader, ReadFailure } from "../cells/readers/column-reader.ts"
import { DateReader } from "../cells/readers/date-reader.ts"
import { NumberReader } from "../cells/readers/number-reader.ts"
import { TextReader } from "../cells/readers/text-reader.ts"
import type { Context } from "../contract/context.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import type { Column } from "../model/column.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import { createIssue } from "../model/create-issue.ts"
import type { Issue } from "../model/issue.ts"
import type { TableBatch } from "../model/table-batch.ts"
import type { TableFacts } from "../model/table-facts.ts"
import { discardNotices } from "./discarded-columns.ts"
import type { SchemaColumn, SchemaStructure } from "./schema-column.ts"

/** Finds the schema's columns in a table and reads those that no stage has read yet. */
export class SchemaReader {
  readonly #columns: readonly SchemaColumn[]
  readonly #others: SchemaStructure["others"]
  readonly #context: Context
  readonly #binding: ColumnBinding
  readonly #readers = new Map<string, ColumnReader | DateBinding>()
  #last: TableBatch | undefined
  /** The facts of the table with notices, and what they were made from. */
  #noted: { readonly given: TableFacts; readonly width: number; readonly facts: TableFacts } | undefined

  constructor(structure: SchemaStructure, context: Context) {
    this.#columns = structure.columns ?? []
    this.#others = structure.columns === undefined ? "schema" : structure.others
    this.#context = context
    const declared = this.#columns.map(({ name, whenMissing }) => ({ name, aliases: [], required: whenMissing === "required" }))
    this.#binding = new ColumnBinding({ declared, context, lacks: columnsMissing, refuseTypos: false })
  }

  /** The batch with the schema's columns under their own names, each read as its kind. */
  read(batch: TableBatch): TableBatch {
    this.#last = batch
    const named = this.#binding.bind(batch)
    if (this.#others === "refuse") this.#refuseOthers(named)
    const noted = this.#others === "drop" ? this.#noteOthers(named) : named
    const read = new Map<string, Column<unknown>>()
    for (const column of this.#columns) {
      const cells = named.column(column.name) ?? new MissingColumn(batch.length)
      const fail: ReadFailure = (row, ...failure) => {
        if (!column.catches) batch.mark(row, unreadable(column.name, ...failure))
      }
      read.set(column.name, this.readCells(column, cells, named, fail))
    }
    return noted.withColumns(read)
  }

  /** Called after the last batch. */
  end(): void {
    this.#binding.end(this.#last)
  }

  /** The batch with notices about the columns that the schema drops. */
  #noteOthers(batch: TableBatch): TableBatch {
    const { table } = batch
    const known = this.#noted
    if (known?.given === table && known.width === batch.names.length) return batch.withTable(known.facts)
    const found = discardNotices(batch, this.#columns, this.#context.plan)
    const facts = found.length === 0 ? table : { ...table, notices: [...(table.notices ?? []), ...found] }
    this.#noted = { given: table, width: batch.names.length, facts }
    return batch.withTable(facts)
  }

  #refuseOthers(batch: TableBatch): void {
    const named = new Set(this.#columns.map(({ name }) => name))
    const unexpected = batch.names.filter((name) => !named.has(name))
    if (unexpected.length > 0) throw columnsUnexpected(unexpected, batch)
  }

  /** The cells of a column as its kind. `fail` gets those that cannot be read. */
  readCells({ name, kind }: SchemaColumn, cells: Column<unknown>, batch: TableBatch, fail: ReadFailure): Column<unknown> {
    if (kind === "any" || cells instanceof MissingColumn || cells.kind === kind) return cells
    if (kind === "text" && (cells.kind === "bytes" || cells.kind === "dictionary")) return cells
    // The objects of a union may read a column differently.
    const key = `${kind} ${name}`
    const reader = this.#readers.get(key) ?? this.#readerOf(name, kind)
    this.#readers.set(key, reader)
    // A stage may have kept blank cells, but only text can be blank.
    const filled = kind === "text" ? cells : blanksToNull(cells)
    return reader instanceof DateBinding ? reader.read(filled, batch, fail) : reader.read(filled, fail)
  }

  #readerOf(name: string, kind: "text" | "number" | "date" | "boolean"): ColumnReader | DateBinding {
    if (kind === "text") return new TextReader({ trim: false })
    if (kind === "number") return new NumberReader()
    if (kind === "boolean") return new BooleanReader()
    return new DateBinding(name, new DateReader(), this.#context)
  }
}

/** The issue of a cell that cannot be read as its column declares. */
export function unreadable(column: string, code: string, message: string, suggestion?: string): Issue {
  return createIssue({ code, message, rule: `schema.${column}`, column, suggestion })
}

function columnsMissing(lacking: readonly LackingColumn[], table: string, found: readonly string[]): RowgateError {
  const names = lacking.map(({ name, hint }) => `"${name}"${hint}`).join(", ")
  return new RowgateError({
    code: "COLUMN_MISSING",
    message: `The table "${shownText(table)}" lacks columns that the schema requires: ${names}.`,
    remedy: `Map its columns with normalize({ headers: ... }), or make the properties optional. The table has ${listed(found)}.`,
    origin: { table, column: lacking[0]?.name },
  })
}

function columnsUnexpected(unexpected: readonly string[], batch: TableBatch): RowgateError {
  return new RowgateError({
    code: "COLUMN_UNEXPECTED",
    message: `The table "${shownText(batch.table.name)}" has columns that the strict schema does not name: ${listed(unexpected)}.`,
    remedy: "Name them in the schema, or use z.object(...) instead of z.strictObject(...).",
    origin: { table: batch.table.name, column: unexpected[0] },
  })
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 30).map((name) => `"${name}"`)
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ")
}
