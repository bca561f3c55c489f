import { RowgateError } from "../errors/rowgate-error.ts"
import { checkOptions } from "../options/check-options.ts"
import { type OptionKind, type OptionSpec, wrongValue } from "../options/option-kind.ts"
import { flag, fullList, list, milliseconds, needed, number, oneOf, record, text } from "../options/option-kinds.ts"
import { shownValue } from "../options/shown-value.ts"
import type { AnyLoadOptions } from "./load-modes.ts"
import type { AppendOptions, DeleteMissingOptions, HistoryOptions, KeyOptions, TableOptions, UpsertOptions } from "./postgres-options.ts"

type AnyColumns = { readonly [column: string]: unknown }

const column = text("the name of a column")
const names = "a list of column names"

const tableSpec: OptionSpec<TableOptions<AnyColumns>> = {
  table: needed(text("the name of a table")),
  schema: text("the name of a schema"),
  naming: oneOf("exact", "snake_case"),
  columns: record(column, "an object with the database column of each row column"),
  quality: column,
  lineage: flag(),
  onSameContent: oneOf("skip", "load"),
  onTargetEmpty: oneOf("skip", "refuse"),
  whileRunning: oneOf("wait", "fail"),
  createTable: flag(),
  evolve: flag(),
  migrate: flag(),
  heartbeatMs: milliseconds(1),
  staleMs: milliseconds(1),
  control: flag(),
  statementTimeoutMs: milliseconds(),
  lockTimeoutMs: milliseconds(),
  idleTimeoutMs: milliseconds(),
  redact: list(column, names),
  rejectDays: number(0),
  sequence: column,
  onOlderVersion: oneOf("load", "refuse"),
}

const keySpec: OptionSpec<KeyOptions<AnyColumns>> = { ...tableSpec, key: needed(fullList(column, names)), newest: column }

const appendSpec: OptionSpec<AppendOptions<AnyColumns>> = {
  ...tableSpec,
  mode: oneOf("append", "replace"),
  onAllRejected: oneOf("refuse", "empty"),
}
const upsertSpec: OptionSpec<UpsertOptions<AnyColumns>> = { ...keySpec, mode: needed(oneOf("upsert", "insert-only")) }
const deleteMissingSpec: OptionSpec<DeleteMissingOptions<AnyColumns>> = {
  ...keySpec,
  mode: needed(oneOf("delete-missing")),
  scope: needed(scopeKind()),
  onUnreadableKey: oneOf("refuse", "keep"),
}
const historySpec: OptionSpec<HistoryOptions<AnyColumns>> = {
  ...tableSpec,
  mode: needed(oneOf("scd2")),
  key: needed(fullList(column, names)),
  validFrom: column,
  validTo: column,
}

const specOfMode = {
  append: appendSpec,
  replace: appendSpec,
  upsert: upsertSpec,
  "insert-only": upsertSpec,
  "delete-missing": deleteMissingSpec,
  scd2: historySpec,
} as const satisfies { readonly [mode in NonNullable<AnyLoadOptions["mode"]>]: unknown }
const modes = Object.keys(specOfMode) as (keyof typeof specOfMode)[]

/** Refuses options that the sink does not take in its mode. `ways` names the two options that say how to connect; the sink takes one of them. */
export function checkLoadOptions<C extends object>(
  call: string,
  options: AnyLoadOptions & C,
  connection: OptionSpec<C>,
  ways: readonly [keyof C & string, keyof C & string],
): void {
  const mode: unknown = options?.mode
  const known = modes.find((each) => each === mode)
  // The other options depend on the mode, so an unknown mode is refused first.
  if (mode !== undefined && known === undefined)
    checkOptions<Pick<AnyLoadOptions, "mode">>(call, { mode } as never, { mode: oneOf(...modes) })
  const label = known === undefined || known === "append" ? call : `${call} in the mode "${known}"`
  checkOptions<object>(label, options, { ...specOfMode[known ?? "append"], ...connection } as OptionSpec<object>)
  checkTableName(call, options)
  const [one, other] = ways
  if ((options[one] === undefined) !== (options[other] === undefined)) return
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `${call} needs ${options[one] === undefined ? `the option ${one} or ${other}` : `one of the options ${one} and ${other}, and got both`}.`,
    remedy: `Set either ${one} or ${other}.`,
  })
}

/** Refuses a table such as `public.orders`. A name may contain a dot, but most people who write one mean a schema. */
export function checkTableName(call: string, { table, schema }: { readonly table: string; readonly schema?: string | undefined }): void {
  const dot = table.indexOf(".")
  if (dot < 0 || schema !== undefined) return
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `The option table of ${call} is ${JSON.stringify(table)}, but it takes the name without the schema.`,
    remedy: `Write { schema: ${JSON.stringify(table.slice(0, dot))}, table: ${JSON.stringify(table.slice(dot + 1))} }.`,
  })
}

/** A value that is undefined by mistake must not widen the scope of the deletion. */
function scopeKind(): OptionKind<DeleteMissingOptions<AnyColumns>["scope"]> {
  const what = "a string, a number, a boolean"
  const takes = `"table", or an object with ${what} or null for at least one column`
  const isValue = (value: unknown) => value === null || ["string", "number", "boolean"].includes(typeof value)
  return {
    takes,
    fault(value, place) {
      if (value === "table") return undefined
      const values = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : []
      if (values.length === 0) return wrongValue(place, takes, shownValue(value))
      const wrong = values.find(([, each]) => !isValue(each))
      return wrong && wrongValue({ ...place, path: `${place.path}.${wrong[0]}` }, `${what} or null`, shownValue(wrong[1]))
    },
  }
}
