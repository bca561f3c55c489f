import type { AnyCheck, Check, ColumnCheck, KeyCheck, RuleOptions, RunCheck } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import { type DeclaredStage, declareStage, type Rule } from "../contract/rule.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Batch } from "../model/batch.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { Finding, Issue } from "../model/issue.ts"
import { TableBatch } from "../model/table-batch.ts"

/** Tests batches of one delivery; what it says is marked under its rule. */
type Tester<T> = (batch: TableBatch<T>, fail: (row: number, finding: Finding<T>) => void) => void

/**
 * A rule as a stage: a function of a row, or a check by column, by key, over the run. A row that has failed already is not shown to it,
 * for its cells may not be of the declared types; key checks see every row whose key could be read, so that the score counts all.
 */
export function check<T extends C, C = T>(check: AnyCheck<C>, options: RuleOptions<NoInfer<C>> = {}): DeclaredStage<T, T> {
  const rule = ruleOf(check, options)
  const declares = { rules: [rule], columns: (given: readonly ColumnSpec[]) => given }
  return declareStage<T, T>(`check ${rule.name}`, declares, async function* (batches, context) {
    const test = await testerOf<C>(check, rule, context)
    for await (const given of batches) {
      const batch = TableBatch.from<T>(given)
      test(batch, (row, finding) => batch.mark(row, issueOf(rule, finding)))
      yield batch
    }
  })
}

function ruleOf<T>(check: AnyCheck<T>, options: RuleOptions<T>): Rule {
  const own: RuleOptions<T> = isFunction(check) ? { name: check.name === "" ? undefined : check.name } : check
  const name = options.name ?? own.name ?? "check"
  return { name, dimension: options.dimension ?? own.dimension ?? "validity", columns: options.columns ?? own.columns ?? [] }
}

async function testerOf<T>(check: AnyCheck<T>, rule: Rule, context: Context): Promise<Tester<T>> {
  if (isFunction(check)) return rowTester(check, context)
  switch (check.kind) {
    case "column":
      return columnTester(check, context)
    case "run":
      return await runTester(check, context)
    case "key":
      return keyTester(check, rule, context)
  }
}

function isFunction<T>(check: AnyCheck<T>): check is Check<T> {
  return typeof check === "function"
}

function rowTester<T>(check: Check<T>, context: Context): Tester<T> {
  return (batch, fail) => {
    const { rows } = batch
    for (const row of batch.selection) {
      const values = rows.at(row)
      if (values === undefined) continue
      const found = check(values, context)
      if (found === undefined) continue
      for (const finding of isFindings(found) ? found : [found]) fail(row, finding)
    }
  }
}

function isFindings<T>(found: Finding<T> | readonly Finding<T>[]): found is readonly Finding<T>[] {
  return Array.isArray(found)
}

function columnTester<T>(check: ColumnCheck<T>, context: Context): Tester<T> {
  return (batch: Batch<T>, fail) => check.test(batch, fail, context)
}

async function runTester<T>(check: RunCheck<T>, context: Context): Promise<Tester<T>> {
  const state = await check.begin(context)
  return (batch, fail) => check.test(batch, state, fail)
}

function keyTester<T>(check: KeyCheck<string>, rule: Rule, context: Context): Tester<T> {
  const state = check.begin(context)
  return (batch, fail) => {
    const columns = check.columns.map((name) => batch.column(name) ?? unknownColumn(name, rule, batch.names))
    state.test(columns, batch.kept(), (row, message) => fail(row, { code: rule.dimension === "uniqueness" ? "duplicate" : "key", message }))
  }
}

/** The types hold this off; a pipeline written in JavaScript may get here. */
function unknownColumn(name: string, rule: Rule, names: readonly string[]): never {
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `the rule ${rule.name} names the column "${name}", which is not among ${names.join(", ")}`,
    remedy: "name a column that the stage before it gives",
  })
}

function issueOf<T>(rule: Rule, finding: Finding<T>): Issue {
  const {
    code,
    message,
    column = rule.columns.length === 1 ? rule.columns[0] : undefined,
    severity = "error",
    confidence = 1,
    suggestion,
  } = finding
  return {
    code,
    message,
    rule: rule.name,
    dimension: rule.dimension,
    severity,
    confidence,
    ...(column === undefined ? {} : { column }),
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}
