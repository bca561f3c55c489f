import type { UnexpectedColumnPolicy } from "../model/unexpected-column-policy.ts"
import type { LoadOptions } from "./postgres-options.ts"

/** What the command says of columns that an existing table lacks. */
export interface UnexpectedOptions {
  /** Default: `"evolve"` with `evolve`, otherwise `"freeze"`, which refuses the delivery. */
  readonly unexpected?: UnexpectedColumnPolicy | undefined
}

/** Load options of any row type. */
export type AnyLoadOptions = LoadOptions<{ readonly [column: string]: unknown }> & UnexpectedOptions

/** What happens to a column of the rows that an existing table lacks. */
export function unexpectedPolicy({ unexpected, evolve }: AnyLoadOptions): UnexpectedColumnPolicy {
  return unexpected ?? (evolve === true ? "evolve" : "freeze")
}

/** Whether the load may change the table. */
export function mayChangeTable(options: AnyLoadOptions): boolean {
  return options.evolve === true || unexpectedPolicy(options) === "evolve"
}

/** Whether only one load at a time may work on the table. Two loads that both remove or close rows would undo each other. */
export function isExclusive({ mode }: AnyLoadOptions): boolean {
  return mode === "replace" || mode === "delete-missing" || mode === "scd2"
}

/** How many files one run may load. In these modes, each further file would undo what the one before it loaded, or end its versions. */
export function filesOfRun({ mode }: AnyLoadOptions): "any" | "in order" | "one" {
  if (mode === "replace" || mode === "delete-missing") return "one"
  return mode === "scd2" ? "in order" : "any"
}

/** Whether the last load wins, so that an older version of a file would undo a newer one that was loaded before it. */
export function lastLoadWins(options: AnyLoadOptions): boolean {
  if (options.mode === "upsert") return options.newest === undefined && options.sequence === undefined
  return isExclusive(options)
}

/** The options for loading corrected rows of a delivery. They are added to the rows of the delivery and never replace or remove other rows. */
export function correctionMode(options: AnyLoadOptions): AnyLoadOptions {
  if (options.mode === "replace") return { ...options, mode: "append" }
  if (options.mode !== "delete-missing") return options
  const { scope: _whole, ...others } = options
  return { ...others, mode: "upsert" }
}
