import type { Delivery } from "../../../contract/delivery.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import type { ColumnSpec } from "../../../model/column-spec.ts"
import type { TableBatch } from "../../../model/table-batch.ts"
import type { Connection } from "../database.ts"
import type { AnyLoadOptions } from "../load-mode.ts"
import { databaseName, lineageColumns } from "./column-names.ts"
import { createTableSql } from "./create-table.ts"
import { type LayoutOptions, layout } from "./layout.ts"
import { specsOf } from "./specs-of.ts"
import { namedTable, type TargetTable, targetTable } from "./target-table.ts"

/** The target as it is, or as it is made; undefined where it must wait for the first batch, since nothing declares its columns. */
export async function openTarget(connection: Connection, delivery: Delivery, options: AnyLoadOptions): Promise<TargetTable | undefined> {
  const { columns } = delivery
  const named = namedTable(options.table, options.schema)
  const found = await targetTable(connection, named)
  if (found !== undefined) {
    if (columns.length > 0) {
      const names = columns.map(({ name }) => name)
      layout(found, names, layoutOptions(options))
    }
    return found
  }
  if (options.createTable !== true) {
    throw new RowgateError({
      code: "SINK_SCHEMA_MISMATCH",
      message: `the database has no table ${named}`,
      remedy: "Create the table, or let the sink make it with `createTable: true`.",
      origin: { table: options.table },
    })
  }
  return columns.length > 0 ? await makeTable(connection, columns, options) : undefined
}

/** The target, made for the rows of a first batch. */
export async function tableFor(connection: Connection, batch: TableBatch<unknown>, options: AnyLoadOptions): Promise<TargetTable> {
  return makeTable(connection, specsOf(batch), options)
}

/** In a history, the columns of validity are filled by the load itself. */
export function layoutOptions(options: AnyLoadOptions): LayoutOptions {
  const { naming, columns, quality, lineage } = options
  const filled = options.mode === "scd2" ? validity(options) : []
  return { naming, columns, quality, lineage, filled }
}

function validity(options: Extract<AnyLoadOptions, { mode: "scd2" }>): readonly [string, string] {
  return [options.validFrom ?? "valid_from", options.validTo ?? "valid_to"]
}

async function makeTable(connection: Connection, columns: readonly ColumnSpec[], options: AnyLoadOptions): Promise<TargetTable> {
  const named = namedTable(options.table, options.schema)
  const { quality, lineage } = options
  const specs: ColumnSpec[] = columns.map((column) => ({ ...column, name: databaseName(column.name, options) }))
  if (quality !== undefined) specs.push({ name: quality, kind: "number", nullable: true })
  if (lineage === true) specs.push(...lineageColumns.map((column) => ({ ...column, nullable: true })))
  const key = "key" in options ? options.key.map((column) => databaseName(column, options)) : []
  if (options.mode === "scd2") {
    const [from, to] = validity(options)
    specs.push({ name: from, kind: "timestamp", nullable: false }, { name: to, kind: "timestamp", nullable: true })
    key.push(from)
  }
  await connection.query(createTableSql(named, specs, key))
  const made = await targetTable(connection, named)
  if (made === undefined) throw new Error(`the table ${named} was made and is not there`)
  return made
}
