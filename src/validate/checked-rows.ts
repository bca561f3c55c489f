import type { Column } from "../model/column.ts"
import { wordsOf } from "../model/row-view.ts"
import { setOwn } from "../model/set-own.ts"

/** A column of the rows that checks see. */
export interface CheckedColumn {
  readonly name: string
  readonly column: Column<unknown>
  /** The cells of the file. */
  readonly cells: Column<unknown>
  /** The values as the schema returned them, in which null and `undefined` differ; undefined if the column has the values of the file. */
  readonly values: readonly unknown[] | undefined
  /** Whether a row has no key where the cell is empty and the schema returns no value. */
  readonly leavesOut: boolean
}

interface Row {
  [name: string]: unknown
}

/** Rows of the same keys. */
interface Template {
  /** A row of nulls. A copy of it has all keys at once; adding one after another takes longer than reading the cells. */
  readonly blank: Row
  /** The columns of its keys. */
  readonly places: readonly number[]
}

/** Rows that leave out different keys. There may be as many kinds as there are rows. */
const mostTemplates = 64

/** Makes rows as the schema would return them: with null, with `undefined`, or without the key. */
export class CheckedRows {
  readonly #names: readonly string[]
  readonly #readers: readonly ((row: number) => unknown)[]
  /** For the columns that may be left out, whether a row does so. */
  readonly #gaps: readonly (readonly [place: number, isGap: (row: number) => boolean])[]
  readonly #templates = new Map<string, Template>()
  readonly #full: Template
  /** The row that was made last. */
  readonly #values: unknown[]
  #template: Template

  constructor(columns: readonly CheckedColumn[]) {
    this.#names = columns.map(({ name }) => name)
    this.#readers = columns.map(readerOf)
    this.#gaps = columns.flatMap(({ cells, values, leavesOut }, place) =>
      leavesOut && cells.nulls.count > 0 ? [[place, (row: number) => cells.nulls.has(row) && values?.[row] === undefined] as const] : [],
    )
    this.#values = new Array(columns.length)
    this.#full = this.#templateWithout(new Set())
    this.#template = this.#full
  }

  at(row: number): Row {
    const template = this.#templateOf(row)
    this.#template = template
    const object = { ...template.blank }
    const { places } = template
    for (let at = 0; at < places.length; at++) {
      const place = places[at] as number
      const value = (this.#readers[place] as (row: number) => unknown)(row)
      this.#values[place] = value
      object[this.#names[place] as string] = value
    }
    return object
  }

  /** Whether the row that was made last still has its keys and values. */
  isUnchanged(object: Row): boolean {
    const { places } = this.#template
    let keys = 0
    for (const _key in object) keys++
    return keys === places.length && places.every((place) => Object.is(object[this.#names[place] as string], this.#values[place]))
  }

  #templateOf(row: number): Template {
    if (this.#gaps.length === 0) return this.#full
    let without: number[] | undefined
    for (const [place, isGap] of this.#gaps) {
      if (!isGap(row)) continue
      without ??= []
      without.push(place)
    }
    if (without === undefined) return this.#full
    const key = without.length === 1 ? String(without[0]) : without.join()
    const known = this.#templates.get(key)
    if (known !== undefined) return known
    const made = this.#templateWithout(new Set(without))
    if (this.#templates.size < mostTemplates) this.#templates.set(key, made)
    return made
  }

  #templateWithout(left: ReadonlySet<number>): Template {
    const blank: Row = {}
    const places = [...this.#names.keys()].filter((place) => !left.has(place))
    for (const place of places) setOwn(blank, this.#names[place] as string, null)
    return { blank, places }
  }
}

function readerOf({ column, values }: CheckedColumn): (row: number) => unknown {
  if (values !== undefined) return (row) => values[row]
  const words = wordsOf(column)
  if (words === undefined) return (row) => (column.nulls.has(row) ? null : column.at(row))
  const { codes, values: texts } = words
  return (row) => (column.nulls.has(row) ? null : texts[codes[row] as number])
}
