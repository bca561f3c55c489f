import type { ColumnReader, ReadFailure } from "../cells/readers/column-reader.ts"
import { quoted } from "../cells/readers/quoted.ts"
import type { Context } from "../contract/context.ts"
import type { CellValue } from "../model/cell-value.ts"
import type { Column } from "../model/column.ts"
import { columnOf } from "../model/column-of.ts"
import { type ColumnNormalizer, isColumnNormalizer, isRequired, type Normalizer, specOf, type Unreadable } from "./normalizer.ts"

/** The column form of any normalizer. */
export function toColumnNormalizer<V>(normalizer: Normalizer<V>, context: Context): ColumnNormalizer<V> {
  if (isColumnNormalizer(normalizer)) return normalizer
  const { name, produces } = normalizer
  return {
    name,
    produces,
    parse: (cell, context) => normalizer.parse(cell, context),
    reader: new CellReader(normalizer, context),
    spec: specOf(normalizer),
    required: isRequired(normalizer),
  }
}

/** Calls a user's `parse` for each cell. If it throws, its row fails and the run continues. */
class CellReader implements ColumnReader {
  readonly #normalizer: Normalizer<unknown>
  readonly #context: Context

  constructor(normalizer: Normalizer<unknown>, context: Context) {
    this.#normalizer = normalizer
    this.#context = context
  }

  read(column: Column<unknown>, fail: ReadFailure): Column<unknown> {
    const values: unknown[] = new Array(column.length).fill(null)
    for (let row = 0; row < column.length; row++) {
      const cell = column.at(row)
      if (cell === null) continue
      const read = this.#parse(cell as CellValue)
      if (isUnreadable(read)) fail(row, read.code ?? `${this.#normalizer.name}.unreadable`, read.message, read.suggestion)
      else values[row] = read
    }
    return columnOf(values)
  }

  #parse(cell: CellValue): unknown {
    try {
      return this.#normalizer.parse(cell, this.#context)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { unreadable: true, message: `${quoted(cell)} made the normalizer ${this.#normalizer.name} throw (${reason}).` }
    }
  }
}

function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === "object" && value !== null && "unreadable" in value && value.unreadable === true
}
