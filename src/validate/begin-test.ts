import { decimalKeys } from "../cells/decimal-keys.ts"
import type { AnyCheck, Check, ColumnCheck, KeyCheck, KeyFinding, RunCheck } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import type { Rule } from "../contract/rule.ts"
import { quietCause } from "../errors/quiet-cause.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import { createIssue } from "../model/create-issue.ts"
import type { Finding, Issue } from "../model/issue.ts"
import { rowMaker } from "../model/row-view.ts"
import { RowSelection } from "../model/selection.ts"
import type { TableBatch } from "../model/table-batch.ts"
import { shownType } from "../options/shown-value.ts"
import { beginState } from "./begin-state.ts"
import { failedRows, isFilled, isRepeat, isSound, judgeFailed, lacksKey } from "./failed-rows.ts"
import { beginKeys } from "./unique.ts"
import { unknownColumn } from "./unknown-column.ts"

/** The work of a check on one delivery. */
export interface BegunTest<T> {
  /** Marks the rows of a batch that the check finds. Returns a promise only if the check is asynchronous. */
  test(batch: TableBatch<T>): void | Promise<void>
  /** Closes what the check opened. */
  end(): Promise<void>
}

/** Begins the work of a check. It is called with the first batch. */
export async function beginTest<T>(check: AnyCheck<T>, rule: Rule, context: Context): Promise<BegunTest<T>> {
  const ends: (() => unknown)[] = []
  const test = await testerOf(check, rule, context, ends)
  return {
    test: (batch) => attempt(rule, batch, () => test(batch, (row, finding) => batch.mark(row, issueOf(rule, finding)))),
    async end() {
      for (const end of ends) await end()
    },
  }
}

/** Tests the batches of one delivery. Its findings are recorded under its rule. */
type Tester<T> = (batch: TableBatch<T>, fail: (row: number, finding: Finding<T>) => void) => void | Promise<void>

/** Runs a check that is not a function of a row. If it throws, no single row is the cause. */
function attempt(rule: Rule, batch: TableBatch, test: () => void | Promise<void>): void | Promise<void> {
  const stop = (cause: unknown): never => {
    if (cause instanceof RowgateError) throw cause
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `The rule ${rule.name} threw ${cause instanceof Error ? cause.name : "a value that is not an error"}.`,
      remedy: "Correct the check at the place that the stack of the cause shows.",
      origin: { table: batch.table.name },
      cause: quietCause(cause, "thrown by the check"),
    })
  }
  try {
    const done = test()
    return done instanceof Promise ? done.catch(stop) : undefined
  } catch (cause) {
    return stop(cause)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function testerOf<T>(check: AnyCheck<T>, rule: Rule, context: Context, ends: (() => unknown)[]): Promise<Tester<T>> {
  if (isFunction(check)) return rowTester(check, rule, context)
  switch (check.kind) {
    case "column":
      return columnTester(check, rule, context)
    case "run":
      return await runTester(check, rule, context, ends)
    case "key":
      return await keyTester(check, rule, context, ends)
  }
}

function isFunction<T>(check: AnyCheck<T>): check is Check<T> {
  return typeof check === "function"
}

function rowTester<T>(check: Check<T>, rule: Rule, context: Context): Tester<T> {
  return (batch, fail) => {
    const make = rowMaker(batch.shape)
    const failed = failedRows(batch)
    const judge = (row: number) => {
      try {
        failAll(row, check(make(row) as T, context), fail)
      } catch (error) {
        if (error instanceof RowgateError) throw error
        fail(row, { code: "check.threw", message: `The check ${rule.name} threw (${reasonOf(error)}).` })
      }
    }
    for (const row of batch.selection) judge(row)
    for (const row of failed) {
      if (isRepeat(batch, row)) {
        judge(row)
        continue
      }
      const verdict = isSound(batch, row, rule.columns)
        ? judgeFailed(batch, row, make(row), (values) => check(values as T, context))
        : undefined
      if (verdict === undefined) batch.unjudged.add(rule.name, row)
      else failAll(row, verdict[0], fail)
    }
  }
}

function failAll<T>(row: number, found: ReturnType<Check<T>>, fail: (row: number, finding: Finding<T>) => void): void {
  if (found === undefined) return
  for (const finding of isFindings(found) ? found : [found]) fail(row, finding)
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

function columnTester<T>(check: ColumnCheck<T>, rule: Rule, context: Context): Tester<T> {
  return (batch, fail) =>
    withRepeats(batch, (given, failed) =>
      testInTurns(given, failed, rule, fail, isSound, (rows, found) => check.test(rows, found, context)),
    )
}

async function runTester<T>(check: RunCheck<T>, rule: Rule, context: Context, ends: (() => unknown)[]): Promise<Tester<T>> {
  const { own, known } = await beginState(check, rule, context)
  ends.push(() => check.end?.(own))
  if (known !== undefined) ends.push(() => check.end?.(known))
  // What a check remembers depends on the rows that it sees, so a failed row must not change it.
  const isFixed = check.fixedState === true
  return (batch, fail) => {
    if (known !== undefined && !lacksColumns(batch, rule)) {
      // A part remembers its own rows only, as if it were the first. What it finds then counts for nothing outside of a copy.
      const apart = batch.apart()
      check.test(apart, own, (row, finding) => apart.mark(row, issueOf(rule, finding)))
    }
    const test = (rows: TableBatch<T>, found: Found<T>) => check.test(rows, known ?? own, found)
    if (isFixed) withRepeats(batch, (given, failed) => testInTurns(given, failed, rule, fail, isFilled, test))
    else testInTurns(batch, failedRows(batch), rule, fail, () => false, test)
  }
}

/** Lets a test select rows that only repeat a key, too. It is passed the other rows that failed. */
function withRepeats<T>(batch: TableBatch<T>, test: (batch: TableBatch<T>, failed: readonly number[]) => void): void {
  const failed = failedRows(batch)
  const repeats = failed.filter((row) => isRepeat(batch, row))
  if (repeats.length === 0) {
    test(batch, failed)
    return
  }
  const wide = batch.withSelection(RowSelection.of(batch.length, [...batch.selection, ...repeats]))
  test(wide, failedRows(wide))
  for (const row of batch.selection) if (!wide.selection.has(row)) batch.selection.drop(row)
}

type Found<T> = (row: number, finding: Finding<T>) => void

/** Tests the passing rows, and then the failed rows that the rule can judge by its own columns. The others are noted. */
function testInTurns<T>(
  batch: TableBatch<T>,
  failed: readonly number[],
  rule: Rule,
  fail: Found<T>,
  judges: (batch: TableBatch, row: number, columns: readonly string[]) => boolean,
  test: (batch: TableBatch<T>, fail: Found<T>) => void,
): void {
  // A check may look at failed rows by itself.
  const found = new Set<number>()
  const judged = rule.columns.length === 0 ? [] : failed.filter((row) => judges(batch, row, rule.columns))
  if (!lacksColumns(batch, rule)) {
    test(batch, (row, finding) => {
      if (!batch.selection.has(row)) found.add(row)
      fail(row, finding)
    })
  }
  const rows = RowSelection.of(batch.length, found.size === 0 ? judged : judged.filter((row) => !found.has(row)))
  const findings = rows.size === 0 ? [] : findingsIn(batch, rule, rows, test)
  for (const [row, finding] of findings ?? []) fail(row, finding)
  for (const row of failed) if (!found.has(row) && (findings === undefined || !rows.has(row))) batch.unjudged.add(rule.name, row)
}

/** What a check finds in failed rows that have nothing but the columns of its rule. Undefined if it throws, because it needs others. */
function findingsIn<T>(
  batch: TableBatch<T>,
  { columns }: Rule,
  rows: RowSelection,
  test: (batch: TableBatch<T>, fail: Found<T>) => void,
): readonly (readonly [row: number, finding: Finding<T>])[] | undefined {
  const held = columns.map((name) => batch.column(name)).filter((column) => column !== undefined)
  const apart = batch.withSelection(rows.copy()).withShape<T>({ names: columns, columns: held, absent: new Set() })
  const findings: (readonly [number, Finding<T>])[] = []
  try {
    test(apart, (row, finding) => {
      if (rows.has(row)) findings.push([row, finding])
    })
    return findings
  } catch {
    return undefined
  }
}

async function keyTester<T>(check: KeyCheck<string>, rule: Rule, context: Context, ends: (() => unknown)[]): Promise<Tester<T>> {
  const { own, known } = await beginState(check, rule, context)
  ends.push(() => check.end?.(own))
  if (known !== undefined) ends.push(() => check.end?.(known))
  return (batch, fail) => {
    const columns = check.columns.map((name) => {
      const column = batch.column(name)
      if (column !== undefined) return check.begin === beginKeys && context.decimals?.has(name) === true ? decimalKeys(column) : column
      // Rows of JSON, or of a program, may have the column only later.
      if (batch.selection.size === 0 || batch.table.growing === true) return new MissingColumn(batch.length)
      throw unknownColumn(rule.name, name, batch.names)
    })
    for (const row of failedRows(batch)) if (lacksKey(batch, row, check.columns)) batch.unjudged.add(rule.name, row)
    const add = (row: number, found: string | KeyFinding) => {
      const finding = typeof found === "string" ? { code: rule.dimension === "uniqueness" ? "duplicate" : "key", message: found } : found
      // The names of its columns are names of T.
      fail(row, finding as Finding<T>)
    }
    const originOf = (row: number) => batch.origin(row)
    const test = () => check.test(columns, batch.kept(), known ?? own, add, originOf)
    const ownTest = known === undefined ? undefined : check.test(columns, batch.kept(), own, () => undefined, originOf)
    return ownTest instanceof Promise ? ownTest.then(test) : test()
  }
}

/** After a map, a batch without passing rows may lack the columns that the map makes. Such a batch has nothing to check. */
function lacksColumns(batch: TableBatch, { columns }: Rule): boolean {
  return batch.selection.size === 0 && (columns.length === 0 || columns.some((name) => batch.column(name) === undefined))
}

function issueOf<T>(rule: Rule, finding: Finding<T>): Issue {
  if (!isFinding(finding)) throw notAFinding(rule, finding)
  const { code, message, severity, confidence, suggestion } = finding
  const { name, dimension, columns } = rule
  const column = finding.column ?? (columns.length === 1 ? columns[0] : undefined)
  return createIssue({ code, message, rule: name, dimension, column, severity, confidence, suggestion })
}
