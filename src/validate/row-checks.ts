import { type CheckedColumn, CheckedRows } from "./checked-rows.ts"
import type { ObjectCheck } from "./schema-column.ts"
import type { Payload } from "./zod-definition.ts"

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
  const rows = new CheckedRows(columns)
  const mayChange = checks.some((check) => !isPredicate(check))
  const found = new Map<number, readonly unknown[]>()
  for (let row = 0; row < doubts.length; row++) {
    if (doubts[row] === 1 || dropped(row)) continue
    const value = rows.at(row)
    const payload: Payload = { value, issues: [] }
    const given = passes(checks, payload)
    const verdict = typeof given === "boolean" ? given : await given
    if (mayChange && !(payload.value === value && rows.isUnchanged(value))) return undefined
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
export function passes(checks: readonly ObjectCheck[], payload: Payload): boolean | Promise<boolean> {
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
