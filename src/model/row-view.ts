import type { Column, Dictionary } from "./column.ts"
import { BytesColumn } from "./columns/bytes-column.ts"
import type { Selection } from "./selection.ts"
import { setOwn } from "./set-own.ts"

/** The passing rows of a batch as plain objects, made on demand. */
export interface RowView<out T> extends Iterable<T> {
  /** The number of passing rows. */
  readonly size: number
  /** The row with this index; undefined if it does not pass. */
  at(row: number): T | undefined
}

/** The columns that a row object is made of. */
export interface RowShape {
  readonly names: readonly string[]
  readonly columns: readonly Column<unknown>[]
  /** Columns whose nulls are left out of the object, because their type accepts `undefined` but not null. */
  readonly absent: ReadonlySet<string>
}

/** A row as a plain object, whether it passes or not. */
export function rowObject({ names, columns, absent }: RowShape, row: number): { [column: string]: unknown } {
  const object: { [column: string]: unknown } = {}
  const mayLeaveOut = absent.size > 0
  for (let j = 0; j < names.length; j++) {
    const name = names[j]
    const column = columns[j]
    if (name === undefined || column === undefined) continue
    // Check the mask first: in a wide table, most cells of a row are null.
    const value = column.nulls.has(row) ? null : column.at(row)
    if (mayLeaveOut && value === null && absent.has(name)) continue
    setOwn(object, name, value)
  }
  return object
}

/** If the first rows of a column hold few distinct words, we assume that the others repeat them. */
const probedRows = 128
const fewWords = 16

/** Properties up to which V8 copies an object at once. From 1,020 on, a copy takes four times as long as adding each property. */
const mostCopied = 1000

/** Makes many row objects of a shape. For a column of a few words, it decodes each word once. */
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

/** The distinct words of a text column, if it seems to have few. */
export function wordsOf(column: Column<unknown>): Dictionary | undefined {
  if (!(column instanceof BytesColumn) || column.length < 2 * probedRows) return undefined
  const words = new Set<string | null>()
  for (let row = 0; row < probedRows; row++) if (words.add(column.at(row)).size > fewWords) return undefined
  return column.dictionary()
}

/** The passing rows of a shape. The stage that made the columns guarantees that the objects have the type T. */
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
