import { type RowShape, rowObject } from "./row-view.ts"

const wholeNumber = /^(0|[1-9]\d{0,9})$/
/** Whether an object keeps these names in order. The rows of a batch share their names. */
const keepOrder = new WeakMap<readonly string[], boolean>()

/** A row as JSON, with its columns in order. An object would put names such as "2020" first. */
export function rowJson(shape: RowShape, row: number): string {
  const { names, columns, absent } = shape
  let isKept = keepOrder.get(names)
  if (isKept === undefined) {
    isKept = !names.some((name) => wholeNumber.test(name))
    keepOrder.set(names, isKept)
  }
  if (isKept) return JSON.stringify(rowObject(shape, row))
  const parts = names.flatMap((name, at) => {
    const column = columns[at]
    const value = column === undefined || column.nulls.has(row) ? null : column.at(row)
    if (value === null && absent.has(name)) return []
    const text: string | undefined = JSON.stringify(value)
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`]
  })
  return `{${parts.join(",")}}`
}
