import { pathToFileURL } from "node:url"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { ColumnName } from "../model/cell-value.ts"
import { type UnexpectedColumnPolicy, unexpectedColumnPolicies } from "../model/unexpected-column-policy.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { anyText, callback, flag, fullList, oneOf, secretText, text } from "../options/option-kinds.ts"
import { optionsFault } from "../options/options-fault.ts"
import type { FilePipeline, Pipeline } from "../pipeline/build/pipeline.ts"
import { type LoadMode, loadModes } from "./mode-option.ts"

/** The default export of `rowgate.config.ts`. The command line overrides every part of it. */
export interface RowgateConfig<T = unknown> {
  /** The pipeline's name. The same bytes are loaded once for each name and table. Default: the table. */
  readonly name?: string | undefined
  /** The declared version of the contract, recorded with every delivery. */
  readonly version?: string | undefined
  /** Where rows go: `postgres://...`, `pglite:DIR` or `FILE.ndjson`. */
  readonly to?: string | undefined
  /** The table that all files go into, as `"table"` or `"schema.table"`; put a name that contains a dot in double quotes. Default: a table named after each file. */
  readonly table?: string | undefined
  /** Names of the columns in the table: `"exact"` or `"snake_case"`. Default: those of the table, else snake_case. */
  readonly naming?: "exact" | "snake_case" | undefined
  /** How rows go into the table. Default: `"append"`. */
  readonly mode?: LoadMode["mode"] | undefined
  /** Columns that identify a row, for modes that merge. */
  readonly key?: readonly ColumnName<T>[] | undefined
  /** If rows have the same key, the one with the greatest value in this column wins. Default: the last row of the file. */
  readonly newest?: ColumnName<T> | undefined
  /** Writes `_run_id`, `_file` and `_row` with each row, so that a reload can replace the rows. Default: false. */
  readonly lineage?: boolean | undefined
  /** If the bytes were loaded before but the table is empty: `"skip"` them with a notice (default) or `"refuse"` them. */
  readonly onTargetEmpty?: "skip" | "refuse" | undefined
  /** What the mode `replace` does if every row was rejected: `"refuse"` the file (default) or `"empty"` the table. */
  readonly onAllRejected?: "refuse" | "empty" | undefined
  /** What the mode `delete-missing` does if the key of a rejected row cannot be read: `"refuse"` the file (default) or `"keep"` all rows. */
  readonly onUnreadableKey?: "refuse" | "keep" | undefined
  /** What happens to a column that the schema does not name, or, without one, that the table or the first file lacks. In a pipeline, `normalize({ unexpected })` says it. */
  readonly unexpected?: UnexpectedColumnPolicy | undefined
  /** File for the whole report as JSON. */
  readonly report?: string | undefined
  /** File for the rejected rows as ndjson. */
  readonly rejects?: string | undefined
  /** The stages between `from` and `into`, which turn files into trusted rows. Default: a contract inferred from the file. */
  readonly pipeline?: ((files: FilePipeline) => Pipeline<T>) | undefined
}

/** Returns the configuration unchanged: `export default defineConfig({ ... })`. Throws `CONFIG_INVALID` for an unknown property or a wrong value. */
export function defineConfig<T>(config: RowgateConfig<T>): RowgateConfig<T> {
  checkOptions<RowgateConfig<AnyColumns>>("defineConfig()", config as RowgateConfig<AnyColumns>, configSpec)
  return config
}

type AnyColumns = { readonly [column: string]: unknown }

const configSpec: OptionSpec<RowgateConfig<AnyColumns>> = {
  name: text(),
  version: anyText(),
  to: secretText("postgres://..., pglite:DIR or FILE.ndjson"),
  table: text(),
  naming: oneOf("exact", "snake_case"),
  mode: oneOf(...loadModes),
  key: fullList(text(), "a list of column names"),
  newest: text("the name of a column"),
  lineage: flag(),
  onTargetEmpty: oneOf("skip", "refuse"),
  onAllRejected: oneOf("refuse", "empty"),
  onUnreadableKey: oneOf("refuse", "keep"),
  unexpected: oneOf(...unexpectedColumnPolicies),
  report: text("the path of a file"),
  rejects: text("the path of a file"),
  pipeline: callback("a function from files to a pipeline"),
}

/** The configuration that a module exports. Throws `CONFIG_INVALID` if it exports none, or one with an unknown property. */
export function configOf(exports: { readonly [name: string]: unknown }, path: string): RowgateConfig {
  const config = exports["default"]
  const fault = optionsFault(config, configSpec, { call: "The configuration", path: "" })
  if (fault === undefined) return config as RowgateConfig
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: fault.message,
    remedy: config === undefined ? 'Write export default defineConfig({ ... }), with defineConfig from "rowgate/cli".' : fault.remedy,
    origin: { uri: pathToFileURL(path).href },
  })
}
