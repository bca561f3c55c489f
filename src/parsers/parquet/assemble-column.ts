import type { JsonValue } from "../../model/json-value.ts"
import { setOwn } from "../../model/set-own.ts"
import type { NestedNode } from "./nested-node.ts"
import type { NestedReader } from "./nested-reader.ts"
import { ParquetFault } from "./parquet-fault.ts"

/** Assembles the values of a list or map column from its stored columns, one value for each row. `readers` are in the order of the schema. */
export function assembleColumn(node: NestedNode, readers: readonly NestedReader[], rows: number): JsonValue[] {
  const assembler = new Assembler(readers)
  return Array.from({ length: rows }, (_, row) => assembler.row(node, row))
}

/** Reverses Dremel's record shredding. The levels of the first stored column of a node say whether and how often the node is present. */
class Assembler {
  readonly #readers: readonly NestedReader[]
  #row = 0

  constructor(readers: readonly NestedReader[]) {
    this.#readers = readers
  }

  row(node: NestedNode, row: number): JsonValue {
    this.#row = row
    const value = this.#field(node)
    for (const { repetition } of this.#readers)
      if (repetition > 0) throw new ParquetFault("the stored columns of a nested column have different numbers of values")
    return value
  }

  #field(node: NestedNode): JsonValue {
    if (node.repeats) return this.#list(node, undefined)
    return this.#first(node).definition < node.definition ? this.#absent(node) : this.#present(node)
  }

  #present(node: NestedNode): JsonValue {
    const [only] = node.children
    switch (node.shape) {
      case "value":
        return this.#value(node)
      case "struct":
        return this.#struct(node)
      case "list":
        return only === undefined ? [] : this.#list(only, node.wrapped)
      case "map":
        return only === undefined ? {} : this.#map(only)
    }
  }

  #value(node: NestedNode): JsonValue {
    const reader = this.#first(node)
    const value = reader.value(this.#row)
    reader.next()
    return value
  }

  #struct({ children }: NestedNode): JsonValue {
    const struct: { [name: string]: JsonValue } = {}
    for (const child of children) setOwn(struct, child.name, this.#field(child))
    return struct
  }

  /** The last of several entries with one key wins (parquet-format, LogicalTypes.md, Maps). */
  #map(repeated: NestedNode): JsonValue {
    const map: { [key: string]: JsonValue } = {}
    const first = this.#first(repeated)
    if (first.definition < repeated.definition) {
      this.#absent(repeated)
      return map
    }
    do {
      const [key, value] = repeated.children.map((child) => this.#field(child))
      setOwn(map, typeof key === "object" ? JSON.stringify(key) : String(key), value ?? null)
    } while (first.repetition === repeated.repetition)
    return map
  }

  /** The values of a repeated node, or null if the node around it is absent. */
  #list(repeated: NestedNode, wrapped: NestedNode | undefined): JsonValue {
    const first = this.#first(repeated)
    if (first.definition < repeated.definition) {
      const isEmpty = first.definition === repeated.definition - 1
      this.#absent(repeated)
      return isEmpty ? [] : null
    }
    const value = this.#element(repeated, wrapped)
    // An array that grows gets room for seventeen elements, which is too much for many lists of one element.
    if (first.repetition !== repeated.repetition) return [value]
    const values: JsonValue[] = []
    values.push(value)
    do values.push(this.#element(repeated, wrapped))
    while (first.repetition === repeated.repetition)
    return values
  }

  #element(repeated: NestedNode, wrapped: NestedNode | undefined): JsonValue {
    return wrapped === undefined ? this.#present(repeated) : this.#field(wrapped)
  }

  /** Skips an absent node, which has one entry in each of its stored columns. */
  #absent({ first, end, definition }: NestedNode): null {
    for (const reader of this.#readers.slice(first, end)) {
      if (reader.definition >= definition)
        throw new ParquetFault("the stored columns of a nested column disagree about which values are present")
      reader.next()
    }
    return null
  }

  #first({ first }: NestedNode): NestedReader {
    const reader = this.#readers[first]
    if (reader === undefined || reader.definition < 0) throw new ParquetFault("a nested column ends before its rows")
    return reader
  }
}
