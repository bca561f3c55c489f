import type { ColumnReader } from "../cells/readers/column-reader.ts"
import type { Context } from "../contract/context.ts"
import type { CellValue } from "../model/cell-value.ts"
import { columnOf } from "../model/column-of.ts"
import type { ColumnSpec } from "../model/column-spec.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { OptionKind } from "../options/option-kind.ts"
import { having } from "../options/option-kinds.ts"

/** What a blank cell is: no value, or a text. A cell that the file leaves empty is never a text. */
export type Blanks = "null" | "text"

/** A normalizer returns this for a cell that it cannot read. */
export interface Unreadable {
  /** Distinguishes it from a value. */
  readonly unreadable: true
  /** The reason, for people. Quote the cell. */
  readonly message: string
  /** The code of the issue. Default: `"<name>.unreadable"`. */
  readonly code?: string | undefined
  /** What might help, in a sentence. */
  readonly suggestion?: string | undefined
}

/** Reads the cells of one column as V. A cell that cannot be read fails its row, so typed rows hold only V. */
export interface Normalizer<out V> {
  /** Used in codes and messages. */
  readonly name: string
  /** The kind of the values. A sink that creates tables uses it. */
  readonly produces: "text" | "number" | "date" | "boolean" | "value"
  /** Reads one cell. It is never called with a blank cell, which is already null. */
  parse(cell: CellValue, context: Context): V | Unreadable
}

/** What a table needs to know about a column, except its name and whether it is nullable. */
export type SpecPart = Omit<ColumnSpec, "name" | "nullable">

/** Accepts any normalizer, including the caller's own. */
export function normalizerKind<V>(): OptionKind<Normalizer<V>> {
  return having<Normalizer<V>>("a normalizer, such as cell.decimal() or cell.date()", "parse")
}

/** A normalizer that reads whole columns. All of the library's own do; one that has only `parse` is called for each cell. */
export interface ColumnNormalizer<out V> extends Normalizer<V> {
  readonly reader: ColumnReader
  readonly spec: SpecPart
  readonly required: boolean
  /** The only values that it reads. Default: any. */
  readonly values?: readonly string[] | undefined
  /** What blank cells are. Default: as in `normalize({ blanks })`. */
  readonly blanks?: Blanks | undefined
  /** What a sample of the column has shown, if the normalizer was inferred from it. */
  readonly inferred?: InferredReading
}

/** What a sample has shown about a column. It goes into the report. */
export interface InferredReading {
  readonly evidence: { readonly [fact: string]: JsonValue }
  /** What a person should know, in a sentence. */
  readonly notice?: string | undefined
  /** Why its cells may stand for different values, in a sentence. */
  readonly doubt?: string | undefined
}

/** Makes a normalizer of a column reader. Its `parse` reads a column of one cell. */
export function columnNormalizer<V>(
  name: string,
  produces: Normalizer<V>["produces"],
  reader: ColumnReader,
  spec: SpecPart,
): ColumnNormalizer<V | null> {
  const parse = (cell: CellValue): V | null | Unreadable => {
    let failure: Unreadable | undefined
    const column = columnOf([cell])
    const read = reader.read(reader.prepare?.(column) ?? column, (_row, code, message, suggestion) => {
      failure = { unreadable: true, code, message, ...(suggestion === undefined ? {} : { suggestion }) }
    })
    return failure ?? (read.at(0) as V | null)
  }
  return { name, produces, parse, reader, spec, required: false }
}

export function isColumnNormalizer<V>(normalizer: Normalizer<V>): normalizer is ColumnNormalizer<V> {
  return "reader" in normalizer
}

/** What a table needs to know about the column. */
export function specOf(normalizer: Normalizer<unknown>): SpecPart {
  return isColumnNormalizer(normalizer) ? normalizer.spec : { kind: specKinds[normalizer.produces] }
}

/** Whether the normalizer is wrapped in `required`. */
export function isRequired(normalizer: Normalizer<unknown>): boolean {
  return "required" in normalizer && normalizer.required === true
}

/** The texts of this column that stand for no value. */
export function nullsOf(normalizer: Normalizer<unknown>): readonly string[] {
  return "nulls" in normalizer && Array.isArray(normalizer.nulls) ? normalizer.nulls : []
}

const specKinds = { text: "text", number: "number", date: "timestamp", boolean: "boolean", value: "json" } as const
