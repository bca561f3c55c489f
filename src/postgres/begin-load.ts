import { RowgateError } from "../errors/rowgate-error.ts"
import { AppendLoad, type AppendLoadOptions } from "./copy/append-load.ts"
import type { AnyLoadOptions } from "./load-modes.ts"
import type { MergeMode } from "./merge/merge-load.ts"
import type { AdoptedRows } from "./parts/adopted-rows.ts"
import { KeptKeys } from "./retain/kept-keys.ts"
import { identifier, literal } from "./sql/quoted-names.ts"
import type { TableLoad } from "./table-load.ts"
import { databaseColumn, lineageColumns } from "./target/column-names.ts"
import { type Constraints, isIndexOn, tableConstraints } from "./target/constraints.ts"
import { historyColumns } from "./target/history-columns.ts"
import type { TargetTable } from "./target/target-table.ts"

/** The parts of a load in one of the modes. */
export interface ModeLoadOptions extends AppendLoadOptions {
  readonly options: AnyLoadOptions
  /** The instant from which new versions of a history are valid. ISO 8601. */
  readonly asOf: string
  readonly dryRun: boolean
  /** Awaited before rows are merged into the table. */
  readonly lockMerges: () => Promise<void>
  /** Whether the table may still hold rows of the earlier delivery that is being reloaded, because its content is not known yet. */
  readonly reloadsLate: () => boolean
  /** Rows that were staged in parts. Default: rows come through `write`. */
  readonly adopted?: AdoptedRows | undefined
}

/** A load and, in `delete-missing`, the keys that must stay in the table. */
export interface ModeLoad {
  readonly load: TableLoad
  readonly kept: KeptKeys | undefined
}

/** Begins the load of rows of one layout. */
export async function beginLoad(load: ModeLoadOptions): Promise<ModeLoad> {
  const { options, target, placed } = load
  if (!("key" in options)) {
    if (load.adopted !== undefined) {
      const { AdoptedAppendLoad } = await import("./parts/adopted-append-load.ts")
      return { load: await AdoptedAppendLoad.create(load, load.adopted), kept: undefined }
    }
    if (target.takesCopy && target.changes.length === 0) return { load: new AppendLoad(load), kept: undefined }
    const { StagedAppendLoad } = await import("./stage/staged-append-load.ts")
    return { load: await StagedAppendLoad.create(load), kept: undefined }
  }
  const constraints = await tableConstraints(load.connection, target)
  const merge = mergeMode(options, load, target, constraints)
  const kept = new KeptKeys(placed.filter(({ target: { name } }) => merge.key.includes(name)))
  const missing = merge.key.filter((name) => placed.every((column) => column.target.name !== name))
  if (missing.length > 0)
    throw mismatch(
      target,
      `The rows have no column for the key ${missing.join(", ")} of ${target.schema}.${target.table}.`,
      "Name columns of the rows in `key`.",
    )
  const { MergeLoad } = await import("./merge/merge-load.ts")
  return { load: await MergeLoad.create({ ...load, constraints, merge, kept }), kept: merge.mode === "delete-missing" ? kept : undefined }
}

function mergeMode(
  options: Extract<AnyLoadOptions, { key: unknown }>,
  { asOf, reloadsLate }: ModeLoadOptions,
  target: TargetTable,
  constraints: Constraints,
): MergeMode {
  const key = options.key.map((column) => databaseColumn(column, options, target))
  if (options.mode === "scd2") {
    const { validFrom, validTo } = historyColumns(options, target)
    for (const name of [validFrom, validTo]) {
      if (!target.columns.has(name))
        throw mismatch(
          target,
          `${target.schema}.${target.table} has no column ${name}, which the mode scd2 needs.`,
          "Add the column as timestamptz.",
        )
    }
    return {
      mode: "scd2",
      key,
      newest: undefined,
      validFrom,
      validTo,
      asOf: `${literal(asOf)}::timestamptz`,
      // In a reload, only a version of its own outlives the rows that it replaces.
      get incidental() {
        return reloadsLate() ? [] : loadColumns(options)
      },
    }
  }
  if (target.isView)
    throw mismatch(
      target,
      `${target.schema}.${target.table} is a view, but the mode ${options.mode} needs a unique index.`,
      "Load into the table behind the view.",
    )
  if (!constraints.uniques.some((index) => isIndexOn(index, key) && !index.deferrable)) {
    const remedy = `Run CREATE UNIQUE INDEX ON ${target.sql} (${key.map(identifier).join(", ")}), or name the columns of an existing unique index in \`key\`.`
    throw mismatch(
      target,
      `${target.schema}.${target.table} has no unique index on ${key.join(", ")}, which the mode ${options.mode} needs.`,
      remedy,
    )
  }
  const newest = options.newest === undefined ? options.sequence : databaseColumn(options.newest, options, target)
  if (options.mode !== "delete-missing") return { mode: options.mode, key, newest }
  return { mode: "delete-missing", key, newest, scope: scopeSql(options, target) }
}

/** Database columns that tell which load and which file a row came from. */
function loadColumns({ lineage, quality, sequence }: AnyLoadOptions): readonly string[] {
  const named = [quality, sequence].filter((name) => name !== undefined)
  return lineage === true ? [...named, ...lineageColumns.map(({ name }) => name)] : named
}

function scopeSql(options: Extract<AnyLoadOptions, { scope: unknown }>, target: TargetTable): string {
  const { scope } = options
  if (scope === "table") return "true"
  const conditions = Object.entries(scope).map(([column, value]) => {
    const name = databaseColumn(column, options, target)
    if (!target.columns.has(name))
      throw mismatch(
        target,
        `${target.schema}.${target.table} has no column ${name}, which the scope names.`,
        "Name columns of the table in `scope`.",
      )
    return value === null ? `t.${identifier(name)} IS NULL` : `t.${identifier(name)} = ${literal(String(value))}`
  })
  return conditions.join(" AND ")
}

function mismatch({ table }: TargetTable, message: string, remedy: string): RowgateError {
  return new RowgateError({ code: "SINK_SCHEMA_MISMATCH", message, remedy, origin: { table } })
}
