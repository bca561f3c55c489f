import type { Column } from "./column.ts"
import type { Selection } from "./selection.ts"
import { setOwn } from "./set-own.ts"

/** Rows of a batch as plain objects, made when asked for. */
export interface RowView<out T> extends Iterable<T> {
  /** Passing rows. */
  readonly size: number
  /** The row at a position, or undefined where it is marked. */
  at(row: number): T | undefined
}

/** The columns that a row object is made of. */
export interface RowShape {
  readonly names: readonly string[]
  readonly columns: readonly Column<unknown>[]
  /** Columns whose null is left out of the object, since their type takes `undefined` and no null. */
  readonly absent: ReadonlySet<string>
}

/** One row as a plain object, whether it passes or not. */
export function rowObject(shape: RowShape, row: number): { [column: string]: unknown } {
  const object: { [column: string]: unknown } = {}
  for (let j = 0; j < shape.names.length; j++) {
    const name = shape.names[j]
    const column = shape.columns[j]
    if (name === undefined || column === undefined) continue
    const value = column.at(row)
    if (value === null && shape.absent.has(name)) continue
    setOwn(object, name, value)
  }
  return object
}

/** The passing rows of a shape. That the objects are of T is what the stage that made the columns has seen to. */
export class SelectedRows<T> implements RowView<T> {
  readonly #shape: RowShape
  readonly #selection: Selection

  constructor(shape: RowShape, selection: Selection) {
    this.#shape = shape
    this.#selection = selection
  }

  get size(): number {
    return this.#selection.size
  }

  at(row: number): T | undefined {
    return this.#selection.has(row) ? (rowObject(this.#shape, row) as T) : undefined
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const row of this.#selection) yield rowObject(this.#shape, row) as T
  }
}
