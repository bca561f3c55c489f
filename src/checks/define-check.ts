import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ColumnCheck } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { ColumnName } from "../model/cell-value.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"
import type { Finding } from "../model/issue.ts"
import type { JsonValue } from "../model/json-value.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { callback, fullList, kind, needed, oneOf, options, text } from "../options/option-kinds.ts"
import { checkedOptions } from "./checked-options.ts"
import { type AnyFinding, type DefinedTest, testOf } from "./defined-test.ts"

/** What a check of your own finds wrong with a row. In a check of several columns, `column` is the name that the check gives the column. */
export type CheckFinding<C extends string = never> = Finding<{ readonly [N in C]: unknown }>

/** What a check of your own returns: a finding, several, or undefined. */
export type Found<C extends string = never> = CheckFinding<C> | readonly CheckFinding<C>[] | undefined

/** What every check of your own says about itself. */
export interface CheckDefinition<S extends StandardSchemaV1> {
  /** What the check is called. Its rules are called after it and their columns: `atMost.amount`. */
  readonly name: string
  /** The dimension that loses points. Default: `"validity"`. */
  readonly dimension?: Dimension | undefined
  /** A schema for the options, such as a zod object. It must be synchronous. Default: the check takes no options. */
  readonly options?: S | undefined
}

/** A check of single cells. */
export interface CellCheckDefinition<V, S extends StandardSchemaV1> extends CheckDefinition<S> {
  /** Returns what is wrong with a value, or undefined. It is never called with null. */
  cell(value: V, options: StandardSchemaV1.InferOutput<S>, context: Context): Found
}

/** A check of several cells of a row. */
export interface RowCheckDefinition<C extends string, V, S extends StandardSchemaV1> extends CheckDefinition<S> {
  /** Your names for the columns that the check reads. Each use of the check maps them to columns of its table. */
  readonly columns: readonly C[]
  /** The columns that a finding may blame, whose cells the score counts. Default: the last one. */
  readonly judges?: readonly NoInfer<C>[] | undefined
  /** Returns what is wrong with the cells of a row, or undefined. It is not called if one of them is null. */
  row(cells: V, options: StandardSchemaV1.InferOutput<S>, context: Context): Found<keyof V & string>
}

/** The options as an argument. You may leave it out if every option has a default, or if there are none. */
export type OptionsArgument<S extends StandardSchemaV1> =
  StandardSchemaV1<unknown, unknown> extends S
    ? []
    : Record<never, never> extends StandardSchemaV1.InferInput<S>
      ? [options?: StandardSchemaV1.InferInput<S>]
      : [options: StandardSchemaV1.InferInput<S>]

/** Makes the check of a column: `atMost("amount", { limit: 100 })`. */
export type CellCheckFactory<V, S extends StandardSchemaV1> = <const K extends string>(
  column: K,
  ...options: OptionsArgument<S>
) => ColumnCheck<{ readonly [P in K]?: V | null | undefined }>

/** Makes the check of several columns: `inOrder({ from: "startsOn", to: "endsOn" })`. */
export type RowCheckFactory<C extends string, V, S extends StandardSchemaV1> = <const M extends { readonly [N in C]: string }>(
  columns: M,
  ...options: OptionsArgument<S>
) => ColumnCheck<{ readonly [N in C & keyof V as M[N]]?: V[N] | null | undefined }>

/**
 * Makes a check of single cells that you can use for many columns, with options. Cells without a value are not judged. If the options do not fit the
 * schema, the call that passes them throws `CONFIG_INVALID`.
 */
export function defineCheck<V, S extends StandardSchemaV1 = StandardSchemaV1<unknown, unknown>>(
  definition: CellCheckDefinition<V, S>,
): CellCheckFactory<V, S> {
  checkOptions<AnyCellCheck>("defineCheck()", definition, { ...commonSpec, cell: needed(callback("a function of a value")) })
  const { name, options: schema, cell }: AnyCellCheck = definition
  return (given, ...[settings]) => {
    checkArgument(`The column of ${name}()`, given, text("the name of a column"), "PIPELINE_INVALID")
    const checked = checkedOptions(`${name}()`, schema, settings)
    return checkOf(definition, checked, [given], [given], {
      columnOf: () => given,
      judge: ([value], context) => cell(value, checked, context),
    })
  }
}

/**
 * Makes a reusable check that compares several cells of a row. Each use names the columns and sets the options. A row is not judged if one of
 * the cells is empty.
 */
export function defineRowCheck<
  const C extends string,
  V extends { readonly [N in C]: unknown },
  S extends StandardSchemaV1 = StandardSchemaV1<unknown, unknown>,
>(definition: RowCheckDefinition<C, V, S>): RowCheckFactory<C, V, S> {
  checkOptions<AnyRowCheck>("defineRowCheck()", definition, {
    ...commonSpec,
    columns: needed(fullList(text(), "names for the columns")),
    judges: fullList(text(), "some of the names in columns"),
    row: needed(callback("a function of the cells")),
  })
  const { name, options: schema, columns: roles, judges = roles.slice(-1), row }: AnyRowCheck = definition
  const stranger = judges.find((role) => !roles.includes(role))
  if (stranger !== undefined) throw unknownJudge(name, stranger, roles)
  const columnsSpec = Object.fromEntries(roles.map((role) => [role, needed(text("the name of a column"))]))
  return (given: { readonly [role: string]: string }, ...[settings]: readonly unknown[]) => {
    checkArgument(`${name}()`, given, options(columnsSpec), "PIPELINE_INVALID")
    const checked = checkedOptions(`${name}()`, schema, settings)
    const columnOf = (role = "") => given[role] ?? ""
    return checkOf(definition, checked, roles.map(columnOf), judges.map(columnOf), {
      columnOf: (role) => columnOf(role ?? judges.at(-1)),
      judge: (values, context) => row(Object.fromEntries(roles.map((role, at) => [role, values[at]])), checked, context),
    })
  }
}

/** The definitions as they are at run time, when types are gone. */
interface AnyCellCheck extends CheckDefinition<StandardSchemaV1> {
  cell(value: unknown, options: unknown, context: Context): AnyFinding | readonly AnyFinding[] | undefined
}
interface AnyRowCheck extends CheckDefinition<StandardSchemaV1> {
  readonly columns: readonly string[]
  readonly judges?: readonly string[] | undefined
  row(cells: { readonly [role: string]: unknown }, options: unknown, context: Context): AnyFinding | readonly AnyFinding[] | undefined
}

const commonSpec: OptionSpec<CheckDefinition<StandardSchemaV1>> = {
  name: needed(text()),
  dimension: oneOf(...dimensions),
  options: kind<StandardSchemaV1>("a schema, such as z.object({ limit: z.number() })", (value) => Object(value)["~standard"] !== undefined),
}

function checkOf<T>(
  { name, dimension = "validity" }: CheckDefinition<StandardSchemaV1>,
  checked: unknown,
  columns: readonly string[],
  judged: readonly string[],
  judge: Pick<DefinedTest, "columnOf" | "judge">,
): ColumnCheck<T> {
  const rule = `${name}.${columns.join("+")}`
  return {
    kind: "column",
    name: rule,
    columns: judged as readonly ColumnName<T>[],
    dimension,
    parameters: parametersOf(checked, columns),
    test: testOf({ rule, columns, ...judge }),
  }
}

/** The options as plain JSON, for the hash of the ruleset. */
function parametersOf(checked: unknown, columns: readonly string[]): JsonValue {
  const json = JSON.stringify(checked, (_name, value) => (value instanceof RegExp || typeof value === "bigint" ? String(value) : value))
  return { columns, options: json === undefined ? null : JSON.parse(json) }
}

function unknownJudge(name: string, stranger: string, columns: readonly string[]): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `The check ${name} judges "${stranger}", which is not among its columns.`,
    remedy: `Name ${columns.join(", ")}.`,
  })
}
