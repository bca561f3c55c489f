import type { AnyCheck, RuleOptions } from "../contract/check.ts"
import { type DeclaredStage, declareStage, type Rule, type VerdictDependence } from "../contract/rule.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import { dimensions } from "../model/dimension.ts"
import { TableBatch } from "../model/table-batch.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionKind, OptionSpec } from "../options/option-kind.ts"
import { kind, list, number, oneOf, text } from "../options/option-kinds.ts"
import { declaredStates } from "./declared-states.ts"
import { beginKeys } from "./unique.ts"

/**
 * Makes a stage of a rule: a function of a row, or a check by column, by key or over the run.
 *
 * A function of a row also judges a row that has already failed, unless it reads a cell that has failed, so that the row gets all its reasons. A
 * check by column, and one over the run with `fixedState`, judges it if the rule names its columns. Key checks see every row whose key could be read.
 * Other checks see passing rows. The score does not count a cell that no rule of a dimension could judge.
 *
 * If a function of a row throws, the row gets the issue `check.threw`. If any other check throws, the run stops with `PIPELINE_INVALID`.
 *
 * @example
 * ```ts run
 * import { createPipeline, stage } from "rowgate"
 *
 * interface Order {
 *   readonly net: number
 *   readonly total: number
 * }
 *
 * const total = stage.check<Order>(({ net, total }) => (total < net ? { code: "total.low", message: "The total is below the net." } : undefined))
 * const orders = createPipeline({ name: "orders" }).fromRows<Order>([{ net: 10, total: 12 }, { net: 10, total: 9 }]).pipe(total)
 * for await (const order of orders.rows()) console.log(order) // => { net: 10, total: 12 }
 * ```
 */
export function check<T extends C, C = T>(check: AnyCheck<C>, options: RuleOptions<NoInfer<C>> = {}): DeclaredStage<T, T> {
  checkArgument("check()", check, checkKind(), "PIPELINE_INVALID")
  checkOptions<RuleOptions<AnyColumns>>("check()", options as RuleOptions<AnyColumns>, ruleSpec)
  const rule = ruleOf(check, options)
  const declares = {
    rules: [rule],
    reuse: true,
    states: declaredStates(check, rule),
    depends: [dependenceOf(check, rule)],
    columns: (given: readonly ColumnSpec[]) => given,
  }
  return declareStage<T, T>(`check ${rule.name}`, declares, async function* (batches, context) {
    const { beginTest } = await import("./begin-test.ts")
    const begun = await beginTest<C>(check, rule, context)
    try {
      for await (const given of batches) {
        const batch = TableBatch.from<T>(given)
        await begun.test(batch)
        yield batch
      }
    } finally {
      await begun.end()
    }
  })
}

function dependenceOf<T>(check: AnyCheck<T>, { dimension }: Rule): VerdictDependence {
  if (typeof check === "function" || check.kind === "column" || check.fixedState === true) return "row"
  // A duplicate that does not cost uniqueness counts as a fault of the row, and so affects other rules.
  return check.begin === beginKeys && dimension === "uniqueness" ? "keys" : "remembered"
}

type AnyColumns = { readonly [column: string]: unknown }

const ruleSpec: OptionSpec<RuleOptions<AnyColumns>> = {
  name: text(),
  columns: list(text(), "a list of column names"),
  dimension: oneOf(...dimensions),
  parameters: kind("plain JSON", isJson),
  mostly: number(0, 1),
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true
  if (typeof value === "number") return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  return typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson)
}

/** A function, or an object whose `kind` says which properties it has. */
function checkKind<C>(): OptionKind<AnyCheck<C>> {
  return kind('a function of a row, check.unique(...), or an object whose kind is "column", "run" or "key"', (value) => {
    if (typeof value === "function") return true
    const { kind: form, name, begin, test } = Object(value) as { readonly [name: string]: unknown }
    if (typeof name !== "string" || typeof test !== "function") return false
    return form === "column" || ((form === "run" || form === "key") && typeof begin === "function")
  })
}

function ruleOf<T>(check: AnyCheck<T>, options: RuleOptions<T>): Rule {
  const own: RuleOptions<T> = typeof check === "function" ? { name: check.name === "" ? undefined : check.name } : check
  const dimension = options.dimension ?? own.dimension ?? "validity"
  const judges = typeof check !== "function" && check.kind === "key" ? check.judges : undefined
  const columns = options.columns ?? judges ?? own.columns ?? []
  // A function without a name is named after its place in the score, so that two of them are not mistaken for one.
  const name = options.name ?? own.name ?? ["check", ...(dimension === "validity" ? [] : [dimension]), ...columns].join(" ")
  const { parameters = own.parameters, mostly = own.mostly } = options
  return { name, dimension, columns, ...(parameters === undefined ? {} : { parameters }), ...(mostly === undefined ? {} : { mostly }) }
}
