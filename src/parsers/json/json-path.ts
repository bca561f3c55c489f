import type { JsonCells } from "./json-cells.ts"

/** Shared by all keys without nested objects, because there may be thousands of them. */
const noChildren: JsonPath[] = []

/** The most characters of a column's name. A key may be a mebibyte long and have thousands of keys below it. */
const longestName = 256

/** A key of the records and the keys below it. A key that had a scalar or an array also has the cells of a column. */
export class JsonPath {
  readonly #key: string
  /** The keys from the record down, joined by dots and cut at the longest length that a column's name depends on. */
  readonly name: string
  /** The index of the column. */
  column = 0
  children: JsonPath[] = noChildren
  cells: JsonCells | undefined
  /** Whether a record had a scalar or an array for this key. */
  wasFilled = false
  /** Whether objects are values of the column instead of being taken apart. */
  isWhole = false
  /** The number of the last record that had this key. */
  lastRecord = 0
  /** The key's bytes, set when a second record arrives. If there are very many keys, each may occur in one record only. */
  #bytes: Buffer | undefined
  readonly #parent: JsonPath | undefined
  #byKey: Map<string, JsonPath> | undefined

  constructor(key = "", parent?: JsonPath) {
    this.#key = key
    const isTop = parent === undefined || parent.#parent === undefined
    this.#parent = parent
    this.name = (isTop ? key : `${parent.name}.${key}`).slice(0, longestName)
  }

  /** The keys from the record down to this one. */
  get keys(): readonly string[] {
    return this.#parent === undefined ? [] : [...this.#parent.keys, this.#key]
  }

  /** Whether the key has these bytes. */
  is(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes ??= Buffer.from(this.#key)
    const own = this.#bytes
    if (own.length !== end - start) return false
    for (let at = 0; at < own.length; at++) if (own[at] !== bytes[start + at]) return false
    return true
  }

  find(key: string): JsonPath | undefined {
    return this.#byKey?.get(key)
  }

  add(key: string): JsonPath {
    const child = new JsonPath(key, this)
    this.#byKey ??= new Map()
    if (this.children === noChildren) this.children = []
    this.children.push(child)
    this.#byKey.set(key, child)
    return child
  }

  /** Whether a key below has cells. */
  get branches(): boolean {
    return this.children.some((child) => child.cells !== undefined || child.branches)
  }
}
