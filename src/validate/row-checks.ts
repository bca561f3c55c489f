import { type RowShape, rowMaker } from "../model/row-view.ts"
import { setOwn } from "../model/set-own.ts"
import type { ObjectCheck } from "./schema-column.ts"
import type { Payload } from "./zod-definition.ts"

/** A column of the rows that checks see. */
export interface CheckedColumn {
  readonly name: string
  readonly column: RowShape["columns"][number]
  /** The cells of the file. */
  readonly cells: RowShape["columns"][number]
  /** The values as the schema returned them, in which null and `undefined` differ; undefined if the column has the values of the file. */
  readonly values: readonly unknown[] | undefined
  /** Whether a row has no key where the cell is empty and the schema returns no value. */
  readonly leavesOut: boolean
}

const nothing: ReadonlySet<string> = new Set()

/**
 * Passes the rows whose cells are valid to the checks of their object, and marks those that fail. Returns what the checks found in these rows, or undefined
 * if a check has changed a row. Most refinements only look at rows.
 */
export async function checkRows(
  checks: readonly ObjectCheck[],
  columns: readonly CheckedColumn[],
  doubts: Uint8Array,
  dropped: (row: number) => boolean,
): Promise<ReadonlyMap<number, readonly unknown[]> | undefined> {
  const make = checkedRows(columns)
  const mayChange = checks.some((check) => !isPredicate(check))
  const found = new Map<number, readonly unknown[]>()
  for (let row = 0; row < doubts.length; row++) {
    if (doubts[row] === 1 || dropped(row)) continue
    const payload: Payload = { value: make(row), issues: [] }
    const { value } = payload
    const before = mayChange ? Object.entries(value as object) : undefined
    const given = passes(checks, payload)
    const verdict = typeof given === "boolean" ? given : await given
    if (before !== undefined && !(payload.value === value && isSame(before, value as object))) return undefined
    if (verdict) continue
    doubts[row] = 1
    found.set(row, payload.issues)
  }
  return found
}

/** A function of `refine` returns a verdict. Those of `superRefine` and `check` get the value itself. */
function isPredicate({ def }: ObjectCheck): boolean {
  return "fn" in def && typeof def.fn === "function"
}

/** Whether no check finds anything. An error that one throws is found again by the schema, which words it. */
function passes(checks: readonly ObjectCheck[], payload: Payload): boolean | Promise<boolean> {
  let waits: PromiseLike<unknown>[] | undefined
  try {
    for (const check of checks) {
      if (check.def.when !== undefined && !check.def.when(payload)) continue
      const result = check.check?.(payload)
      if (isPromise(result)) {
        waits ??= []
        waits.push(result)
      } else if (payload.issues.length > 0) break
    }
  } catch {
    return settled(waits, () => false)
  }
  return settled(waits, () => payload.issues.length === 0)
}

function settled(waits: readonly PromiseLike<unknown>[] | undefined, verdict: () => boolean): boolean | Promise<boolean> {
  if (waits === undefined) return verdict()
  return Promise.allSettled(waits).then((results) => results.every(({ status }) => status === "fulfilled") && verdict())
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value
}

function isSame(before: readonly (readonly [string, unknown])[], value: object): boolean {
  const after = Object.entries(value)
  return after.length === before.length && before.every(([, part], at) => Object.is(after[at]?.[1], part))
}

/** Makes rows as the schema would return them: with null, with `undefined`, or without the key. */
function checkedRows(columns: readonly CheckedColumn[]): (row: number) => { [name: string]: unknown } {
  const make = rowMaker({ names: columns.map(({ name }) => name), columns: columns.map(({ column }) => column), absent: nothing })
  const made = columns.filter(({ values }) => values !== undefined)
  const gaps = columns.filter(({ cells, leavesOut }) => leavesOut && cells.nulls.count > 0)
  const isGap = ({ cells, values, leavesOut }: CheckedColumn, row: number) =>
    leavesOut && cells.nulls.has(row) && values?.[row] === undefined
  return (row) => {
    if (!gaps.some((column) => isGap(column, row))) {
      const object = make(row)
      for (const { name, values } of made) object[name] = values?.[row]
      return object
    }
    const object: { [name: string]: unknown } = {}
    for (const column of columns) {
      if (isGap(column, row)) continue
      setOwn(object, column.name, column.values === undefined ? column.column.at(row) : column.values[row])
    }
    return object
  }
}
