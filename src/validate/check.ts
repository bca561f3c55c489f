import type { AnyCheck, Check, ColumnCheck, KeyCheck, RuleOptions, RunCheck } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import { type DeclaredStage, declareStage, type Rule } from "../contract/rule.ts"
import { quietCause } from "../errors/quiet-cause.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Batch } from "../model/batch.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import { createIssue } from "../model/create-issue.ts"
import { dimensions } from "../model/dimension.ts"
import type { Finding, Issue } from "../model/issue.ts"
import { rowMaker } from "../model/row-view.ts"
import { TableBatch } from "../model/table-batch.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import type { OptionKind, OptionSpec } from "../options/option-kind.ts"
import { kind, list, oneOf, text } from "../options/option-kinds.ts"
import { shownType } from "../options/shown-value.ts"
import { unknownColumn } from "./unknown-column.ts"

/** Tests the batches of one delivery. Its findings are recorded under its rule. */
type Tester<T> = (batch: TableBatch<T>, fail: (row: number, finding: Finding<T>) => void) => void

/**
 * Makes a stage of a rule: a function of a row, or a check by column, by key or over the run.
 *
 * A function of a row sees a row that has already failed only if the rule names its columns and all of them could be read, so that the row gets
 * all its reasons. Key checks see every row whose key could be read. Checks by column and over the run see passing rows.
 *
 * If a function of a row throws, the row gets the issue `check.threw`. If any other check throws, the run stops with `PIPELINE_INVALID`.
 */
export function check<T extends C, C = T>(check: AnyCheck<C>, options: RuleOptions<NoInfer<C>> = {}): DeclaredStage<T, T> {
  checkArgument("check()", check, checkKind(), "PIPELINE_INVALID")
  checkOptions<RuleOptions<AnyColumns>>("check()", options as RuleOptions<AnyColumns>, ruleSpec)
  const rule = ruleOf(check, options)
  const declares = { rules: [rule], reuse: true, columns: (given: readonly ColumnSpec[]) => given }
  return declareStage<T, T>(`check ${rule.name}`, declares, async function* (batches, context) {
    const test = await testerOf<C>(check, rule, context)
    for await (const given of batches) {
      const batch = TableBatch.from<T>(given)
      attempt(rule, batch, () => test(batch, (row, finding) => batch.mark(row, issueOf(rule, finding))))
      yield batch
    }
  })
}

type AnyColumns = { readonly [column: string]: unknown }

const ruleSpec: OptionSpec<RuleOptions<AnyColumns>> = {
  name: text(),
  columns: list(text(), "a list of column names"),
  dimension: oneOf(...dimensions),
}

/** A function, or an object whose `kind` says which properties it has. */
function checkKind<C>(): OptionKind<AnyCheck<C>> {
  return kind('a function of a row, check.unique(...), or an object whose kind is "column", "run" or "key"', (value) => {
    if (typeof value === "function") return true
    const { kind: form, name, begin, test } = Object(value) as { readonly [name: string]: unknown }
    if (typeof name !== "string" || (form !== "column" && typeof begin !== "function")) return false
    return form === "key" || ((form === "column" || form === "run") && typeof test === "function")
  })
}

function ruleOf<T>(check: AnyCheck<T>, options: RuleOptions<T>): Rule {
  const own: RuleOptions<T> = isFunction(check) ? { name: check.name === "" ? undefined : check.name } : check
  const dimension = options.dimension ?? own.dimension ?? "validity"
  const columns = options.columns ?? own.columns ?? []
  // A function without a name is named after its place in the score, so that two of them are not mistaken for one.
  const name = options.name ?? own.name ?? ["check", ...(dimension === "validity" ? [] : [dimension]), ...columns].join(" ")
  return { name, dimension, columns }
}

/** Runs a check that is not a function of a row. If it throws, no single row is the cause. */
function attempt(rule: Rule, batch: TableBatch, test: () => void): void {
  try {
    test()
  } catch (cause) {
    if (cause instanceof RowgateError) throw cause
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `The rule ${rule.name} threw ${cause instanceof Error ? cause.name : "a value that is not an error"}.`,
      remedy: "Correct the check at the place that the stack of the cause shows.",
      origin: { table: batch.table.name },
      cause: quietCause(cause, "thrown by the check"),
    })
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function testerOf<T>(check: AnyCheck<T>, rule: Rule, context: Context): Promise<Tester<T>> {
  if (isFunction(check)) return rowTester(check, rule, context)
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

function rowTester<T>(check: Check<T>, rule: Rule, context: Context): Tester<T> {
  return (batch, fail) => {
    const make = rowMaker(batch.shape)
    const failed = [...batch.rejected()].filter((row) => isSound(batch, row, rule.columns))
    for (const row of batch.selection) {
      try {
        failAll(row, check(make(row) as T, context), fail)
      } catch (error) {
        if (error instanceof RowgateError) throw error
        fail(row, { code: "check.threw", message: `The check ${rule.name} threw (${reasonOf(error)}).` })
      }
    }
    for (const row of failed) {
      let found: ReturnType<Check<T>>
      try {
        found = check(make(row) as T, context)
      } catch {
        // The check read a cell of another column, and that cell is why the row has failed.
        continue
      }
      failAll(row, found, fail)
    }
  }
}

function failAll<T>(row: number, found: ReturnType<Check<T>>, fail: (row: number, finding: Finding<T>) => void): void {
  if (found === undefined) return
  for (const finding of isFindings(found) ? found : [found]) fail(row, finding)
}

/** Whether these columns of a failed row still hold what their types say. */
function isSound(batch: TableBatch, row: number, columns: readonly string[]): boolean {
  if (columns.length === 0) return false
  const broken = new Set(Array.from(batch.issues.found(row), ({ severity, column }) => (severity === "error" ? column : undefined)))
  return columns.every((name) => {
    const column = batch.column(name)
    return column !== undefined && !broken.has(name) && (batch.trusts(row) || !column.nulls.has(row))
  })
}

function isFindings<T>(found: Finding<T> | readonly Finding<T>[]): found is readonly Finding<T>[] {
  return Array.isArray(found)
}

function isFinding(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("code" in value) || !("message" in value)) return false
  if (typeof value.code !== "string" || typeof value.message !== "string") return false
  const severity = "severity" in value ? value.severity : undefined
  const confidence = "confidence" in value ? value.confidence : undefined
  const isShare = typeof confidence === "number" && confidence >= 0 && confidence <= 1
  return (severity === undefined || severity === "error" || severity === "warning") && (confidence === undefined || isShare)
}

/** Stops the run, because a row must not be rejected without a reason. */
function notAFinding(rule: Rule, given: unknown): RowgateError {
  // Nobody waits for the promise, which may fail later.
  if (given instanceof Promise) given.catch(() => undefined)
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The check ${rule.name} returned ${shownType(given)} instead of a finding.`,
    remedy:
      'Return undefined if the row is fine, otherwise { code, message }. If you add them, severity is "error" or "warning", and confidence 0 to 1. A check cannot be asynchronous.',
  })
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
    const columns = check.columns.map((name) => {
      const column = batch.column(name)
      if (column === undefined) throw unknownColumn(rule.name, name, batch.names)
      return column
    })
    state.test(columns, batch.kept(), (row, message) => fail(row, { code: rule.dimension === "uniqueness" ? "duplicate" : "key", message }))
  }
}

function issueOf<T>(rule: Rule, finding: Finding<T>): Issue {
  if (!isFinding(finding)) throw notAFinding(rule, finding)
  const { code, message, severity, confidence, suggestion } = finding
  const { name, dimension, columns } = rule
  const column = finding.column ?? (columns.length === 1 ? columns[0] : undefined)
  return createIssue({ code, message, rule: name, dimension, column, severity, confidence, suggestion })
}
