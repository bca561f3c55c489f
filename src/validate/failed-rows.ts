import type { TableBatch } from "../model/table-batch.ts"

/**
 * Tells the cells of a failed row that no longer hold what their types say: an error is reported for the cell, or no stage has filled it. A duplicate
 * has nothing wrong with its cells. A row that could not be read into cells has no others.
 */
function brokenCells(batch: TableBatch, row: number): (column: string) => boolean {
  if (batch.unread?.has(row) === true) return () => true
  const faulty = new Set<string>()
  for (const { severity, column, dimension } of batch.issues.found(row))
    if (severity === "error" && column !== undefined && dimension !== "uniqueness") faulty.add(column)
  if (batch.trusts(row)) return (column) => faulty.has(column)
  // A part of a file may not know the columns that later parts have.
  return (column) => faulty.has(column) || batch.column(column)?.nulls.has(row) !== false
}

/** The rows that have failed, in order. It looks at rows with issues only, which are few. */
export function failedRows(batch: TableBatch): readonly number[] {
  if (batch.selection.size + batch.filtered === batch.length) return []
  const failed: number[] = []
  for (const row of batch.issues.rows()) if (!batch.selection.has(row) && !batch.dropped(row)) failed.push(row)
  return failed.sort((one, other) => one - other)
}

/** Whether a failed row has no fault but that its key occurs before. Checks judge it as if it passed, so that it does not matter where its key occurs. */
export function isRepeat(batch: TableBatch, row: number): boolean {
  if (!batch.trusts(row) || batch.unread?.has(row) === true) return false
  for (const { severity, dimension } of batch.issues.found(row)) if (severity === "error" && dimension !== "uniqueness") return false
  return true
}

/** Whether these columns of a failed row still hold what their types say. */
export function isSound(batch: TableBatch, row: number, columns: readonly string[]): boolean {
  const isBroken = brokenCells(batch, row)
  return columns.every((name) => batch.column(name) !== undefined && !isBroken(name))
}

/** Whether each of these columns has a value in this row, right or wrong. */
export function isFilled(batch: TableBatch, row: number, columns: readonly string[]): boolean {
  return columns.every((name) => batch.column(name)?.nulls.has(row) === false)
}

/** Whether a key of a failed row lacks a part, because the cell could not be read or was never filled. */
export function lacksKey(batch: TableBatch, row: number, columns: readonly string[]): boolean {
  const isBroken = brokenCells(batch, row)
  return columns.some((name) => batch.column(name)?.nulls.has(row) !== false && isBroken(name))
}

/**
 * Applies a function to a failed row and returns its result in a list. Undefined if it cannot judge the row: it reads a cell that has failed, or
 * throws.
 */
export function judgeFailed<R>(batch: TableBatch, row: number, values: object, judge: (row: object) => R): readonly [R] | undefined {
  const isBroken = brokenCells(batch, row)
  let isRead = false
  const guard = (key: string | symbol): void => {
    if (typeof key !== "string" || !isBroken(key)) return
    // The function may catch the error.
    isRead = true
    throw new TypeError(`The cell ${key} of this row has failed.`)
  }
  try {
    const result = judge(guarded(values, guard, batch.names))
    return isRead ? undefined : [result]
  } catch {
    return undefined
  }
}

function guarded(values: object, guard: (key: string | symbol) => void, names: readonly string[]): object {
  return new Proxy(values, {
    get(target, key) {
      guard(key)
      return Reflect.get(target, key)
    },
    has(target, key) {
      guard(key)
      return Reflect.has(target, key)
    },
    ownKeys(target) {
      // A copy reads every cell, and a broken one may be left out of the object.
      for (const name of names) guard(name)
      return Reflect.ownKeys(target)
    },
  })
}
