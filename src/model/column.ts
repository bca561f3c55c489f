import type { NullMask } from "./null-mask.ts"

/** Text as a code for each row and a list of the distinct texts. The code of a null row has no meaning. */
export interface Dictionary {
  /** An index into `values` for each row. */
  readonly codes: Uint32Array
  /** Each distinct text once. */
  readonly values: readonly string[]
}

/** Text as byte ranges of UTF-8, not decoded. The range of a null row has no meaning. */
export interface ByteRanges {
  /** The bytes that the ranges refer to. */
  readonly bytes: Uint8Array
  /** The first byte of each row's text. */
  readonly starts: Uint32Array
  /** The first byte after each row's text. */
  readonly ends: Uint32Array
}

/** How a column holds its values. */
export type ColumnKind = "bytes" | "dictionary" | "number" | "date" | "boolean" | "value"

/** What a spreadsheet shows for the numbers of a column. */
export interface ShownNumbers {
  /** The text of a row; undefined if it shows no more than the number. */
  at(row: number): string | undefined
}

/**
 * A column of a batch. It covers all rows, failed and filtered ones included; iterate over `batch.selection` to visit the passing rows.
 * A typed accessor returns the column's own array if the layout matches, and otherwise creates one on the first call.
 */
export interface Column<out V> {
  /** The layout that holds the values. */
  readonly kind: ColumnKind
  /** The number of rows, failed and filtered ones included. */
  readonly length: number
  /** The rows that have no value. */
  readonly nulls: NullMask
  /** What a spreadsheet shows for numbers, where that has more digits than they have: `01067` for 1067. */
  readonly shown?: ShownNumbers | undefined
  /** The value of a row, or null. */
  at(row: number): V | null
  /** The numbers; NaN for null. */
  numbers(this: Column<number>): Float64Array
  /** The dates as milliseconds since 1970 UTC; NaN for null. */
  times(this: Column<Date>): Float64Array
  /** The booleans as 0 or 1; 0 for null. */
  flags(this: Column<boolean>): Uint8Array
  /** The texts as codes. */
  dictionary(this: Column<string>): Dictionary
  /** The texts as byte ranges of UTF-8. */
  ranges(this: Column<string>): ByteRanges
}

/** Columns by name. Their types leave out null and undefined, since every column has a null mask. */
export type Columns<T> = { readonly [K in keyof T]-?: Column<T[K] & {}> }
