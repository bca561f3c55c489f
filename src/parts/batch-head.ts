import type { Issue } from "../model/issue.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { TableFacts } from "../model/table-facts.ts"
import type { NumberCode, WholeCode } from "./number-code.ts"

/** Rows of a batch: none, all, or those of the bits at this place of the arrays. */
export type MaskCode = "none" | "all" | number

/** Byte ranges of the buffer with this index. */
export interface RangesCode {
  readonly bytes: number
  /**
   * How far each range begins behind the end of another: that of the same row in the ranges with the index `after`, or else that of the row before
   * in these ranges (0 for the first row). Sums are modulo 2^32.
   */
  readonly gaps: WholeCode
  readonly lengths: WholeCode
  readonly after?: number | undefined
}

/** A column. Numbers are indexes into the lists of the head. */
export type ColumnCode =
  | { readonly kind: "bytes"; readonly nulls: MaskCode; readonly ranges: number; readonly plain?: number; readonly blanks?: MaskCode }
  | { readonly kind: "dictionary"; readonly nulls: MaskCode; readonly codes: number; readonly texts: number }
  | { readonly kind: "number"; readonly nulls: MaskCode; readonly numbers: number; readonly plain?: number; readonly shown?: number }
  | { readonly kind: "date"; readonly nulls: MaskCode; readonly numbers: number; readonly plain?: number }
  | { readonly kind: "boolean"; readonly nulls: MaskCode; readonly flags: number }
  | { readonly kind: "value"; readonly nulls: MaskCode; readonly values: readonly JsonValue[]; readonly shown?: number }
  | { readonly kind: "missing" }

/** Names and columns. Without names, they are those of the table's header. */
export interface ShapeCode {
  readonly names?: readonly string[]
  readonly columns: readonly number[]
  readonly absent?: readonly string[]
}

/** Where the rows came from. */
export interface OriginsCode {
  /** What rows have in common. */
  readonly files: readonly { readonly uri: string; readonly version?: string; readonly table?: string }[]
  /** An index into `files` for each row. */
  readonly file: WholeCode
  readonly row: NumberCode
  /** NaN for a row without one. */
  readonly line?: NumberCode
  readonly offset?: NumberCode
  /** The letters that make an address with the number of the row, or the address of each row. */
  readonly addresses?: string | readonly (string | null)[]
}

/** The JSON at the beginning of an encoded batch. It says what the arrays behind it mean. */
export interface BatchHead {
  readonly rows: number
  readonly table: TableFacts
  /** Place and length of each buffer. */
  readonly bytes: readonly (readonly [number, number])[]
  readonly ranges: readonly RangesCode[]
  readonly codes: readonly WholeCode[]
  readonly texts: readonly (readonly string[])[]
  readonly numbers: readonly NumberCode[]
  readonly flags: readonly WholeCode[]
  readonly columns: readonly ColumnCode[]
  readonly raw: ShapeCode
  /** The columns that stages made. Default: those of the file. */
  readonly own?: ShapeCode
  readonly origins: OriginsCode
  readonly selection: MaskCode
  readonly filtered: MaskCode
  readonly distrusted: MaskCode
  /** For each rule that could not judge some rows, these rows. Default: none. */
  readonly unjudged?: readonly (readonly [rule: string, rows: MaskCode])[]
  readonly issues: readonly Issue[]
  /** Pairs of a row and an index into `issues`. Pairs of a row are together, and in order. */
  readonly found: readonly (readonly [row: number, issue: number])[]
  readonly quality?: NumberCode
  readonly unread?: readonly (readonly [row: number, text: string])[]
}
