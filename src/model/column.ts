import type { NullMask } from "./null-mask.ts"

/** Text as codes: one a row, each distinct value once. The code of a null row means nothing. */
export interface Dictionary {
  /** An index into `values` for each row. */
  readonly codes: Uint32Array
  /** Each distinct text once. */
  readonly values: readonly string[]
}

/** Text as byte ranges of UTF-8; nothing is decoded. The range of a null row means nothing. */
export interface ByteRanges {
  /** The bytes that all ranges are of. */
  readonly bytes: Uint8Array
  /** First byte of each row's text. */
  readonly starts: Uint32Array
  /** First byte after each row's text. */
  readonly ends: Uint32Array
}

/** How a column holds its values. */
export type ColumnKind = "bytes" | "dictionary" | "number" | "date" | "boolean" | "value"

/**
 * A column of a batch. Positions run over all rows, marked ones too: walk `batch.selection` to see passing rows only.
 * The typed accessors return the held array where the layout is that one, and make it once where it is not.
 */
export interface Column<out V> {
  /** The layout that holds the values. */
  readonly kind: ColumnKind
  /** Rows, marked ones too. */
  readonly length: number
  /** Which rows have no value. */
  readonly nulls: NullMask
  /** The value of a row; null where the cell is null. */
  at(row: number): V | null
  /** NaN at nulls. */
  numbers(this: Column<number>): Float64Array
  /** Milliseconds since 1970 UTC; NaN at nulls. */
  times(this: Column<Date>): Float64Array
  /** 0 or 1; 0 at nulls. */
  flags(this: Column<boolean>): Uint8Array
  /** Texts as codes. */
  dictionary(this: Column<string>): Dictionary
  /** Texts as byte ranges of UTF-8. */
  ranges(this: Column<string>): ByteRanges
}

/** Columns by name. Null and undefined leave the type: every column has a null mask. */
export type Columns<T> = { readonly [K in keyof T]-?: Column<T[K] & {}> }
