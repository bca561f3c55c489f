import type { JsonCells } from "./json-cells.ts"

/** Shared by the keys that hold no objects, of which there may be thousands. */
const noChildren: JsonPath[] = []

/** A key of the records, and the keys below it. Cells of a table hang on the keys that had a scalar or an array. */
export class JsonPath {
  readonly keys: readonly string[]
  children: JsonPath[] = noChildren
  cells: JsonCells | undefined
  /** Number of the last record that had this key. */
  lastRecord = 0
  /** The key, once a second record has come: one of very many keys may be the only one. */
  #bytes: Buffer | undefined
  #byKey: Map<string, JsonPath> | undefined

  constructor(keys: readonly string[] = []) {
    this.keys = keys
  }

  /** Whether the key is these bytes. */
  is(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes ??= Buffer.from(this.keys.at(-1) ?? "")
    const own = this.#bytes
    if (own.length !== end - start) return false
    for (let at = 0; at < own.length; at++) if (own[at] !== bytes[start + at]) return false
    return true
  }

  find(key: string): JsonPath | undefined {
    return this.#byKey?.get(key)
  }

  add(key: string): JsonPath {
    const child = new JsonPath([...this.keys, key])
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
