import type { Column, Dictionary } from "./column.ts"
import { BytesColumn } from "./columns/bytes-column.ts"
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
export function rowObject({ names, columns, absent }: RowShape, row: number): { [column: string]: unknown } {
  const object: { [column: string]: unknown } = {}
  const mayLeaveOut = absent.size > 0
  for (let j = 0; j < names.length; j++) {
    const name = names[j]
    const column = columns[j]
    if (name === undefined || column === undefined) continue
    // The mask is asked first: of a wide table, most cells of a row are null.
    const value = column.nulls.has(row) ? null : column.at(row)
    if (mayLeaveOut && value === null && absent.has(name)) continue
    setOwn(object, name, value)
  }
  return object
}

/** So many rows of a column are looked at to tell whether it repeats a few words, and so many words are few. */
const probedRows = 128
const fewWords = 16

/** Properties up to which V8 copies an object at once. From 1,020 on, a copy takes four times as long as adding each property. */
const mostCopied = 1000

/** Makes row objects of a shape, for those who want many: a column of a few words has each of them decoded once. */
export function rowMaker(shape: RowShape): (row: number) => { [column: string]: unknown } {
  const { names, columns, absent } = shape
  if (absent.size > 0 || names.length > mostCopied) return (row) => rowObject(shape, row)
  const words = columns.map(wordsOf)
  const blank: { [column: string]: unknown } = {}
  for (const name of names) setOwn(blank, name, null)
  return (row) => {
    // A copy has all properties at once; adding one after another takes longer than reading the cells.
    const object = { ...blank }
    for (let j = 0; j < names.length; j++) {
      const name = names[j] as string
      const column = columns[j] as Column<unknown>
      const dictionary = words[j]
      object[name] = dictionary === undefined || column.nulls.has(row) ? column.at(row) : dictionary.values[dictionary.codes[row] as number]
    }
    return object
  }
}

function wordsOf(column: Column<unknown>): Dictionary | undefined {
  if (!(column instanceof BytesColumn) || column.length < 2 * probedRows) return undefined
  const words = new Set<string | null>()
  for (let row = 0; row < probedRows; row++) if (words.add(column.at(row)).size > fewWords) return undefined
  return column.dictionary()
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
    const make = rowMaker(this.#shape)
    for (const row of this.#selection) yield make(row) as T
  }
}
