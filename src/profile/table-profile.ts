import type { ProposedColumn } from "./proposal.ts"
import type { CellType } from "./text-type.ts"

/** The profile of a table: plain JSON, the same for the same rows. */
export interface TableProfile {
  /** The name of the table. */
  readonly table: string
  /** How many rows were profiled. */
  readonly rows: number
  /** Rows that could not be read into cells, such as records with the wrong number of fields. No column counts them. */
  readonly unreadable: number
  /** One profile for each column, in the order of the file. */
  readonly columns: readonly ColumnProfile[]
}

/** A value and how often it occurs. */
export interface ValueCount {
  /** The value as text; at most 100 characters. */
  readonly value: string
  /** In how many cells it is. */
  readonly count: number
}

/** A pattern of texts and how often it occurs. */
export interface PatternCount {
  /** Digits as `9`, capitals as `A`, small letters as `a+`; `email`, `url`, `uuid` and `hex{32}` are named. */
  readonly pattern: string
  /** How many cells have it. */
  readonly count: number
  /** One of its values. Undefined if there are too many patterns to keep one. */
  readonly example?: string
}

/** Cells that may be wrong. */
export interface Suspect {
  /**
   * Why: `type` (of another type than nearly all others), `null` (it may stand for no value), `pattern` (a rare pattern), `space` (white space around it),
   * `case` (the same words as another value, in other letters or with other spaces).
   */
  readonly reason: "type" | "null" | "pattern" | "space" | "case"
  /** One sentence for people. */
  readonly message: string
  /** How many cells. */
  readonly count: number
  /** Some of them. */
  readonly examples: readonly ValueCount[]
}

/** Quantiles: numbers, or days such as `2025-06-30`. */
export interface Quantiles<V = number | string> {
  /** 5 % of the values are below. */
  readonly p5: V
  /** The first quartile. */
  readonly p25: V
  /** The median. */
  readonly p50: V
  /** The third quartile. */
  readonly p75: V
  /** 5 % of the values are above. */
  readonly p95: V
}

/** The profile of a column. */
export interface ColumnProfile {
  /** The name of the column in the file. */
  readonly name: string
  /** The kind that the values suggest. */
  readonly kind: ProposedColumn["kind"]
  /** Why the column is text although it looks like something else. */
  readonly doubt?: string
  /** What its cells leave open and how they are read, with a cell of each sort. */
  readonly remarks?: readonly string[]
  /** How many cells have a value. */
  readonly filled: number
  /** How many cells are null, empty or white space. */
  readonly empty: number
  /** The share of cells that have a value, 0 to 1; 1 if there are no rows. */
  readonly fill: number
  /** How many distinct values there are. */
  readonly distinct: number
  /** Whether all figures of the column are exact: it has at most 4,096 distinct values. Otherwise `distinct` has a standard error of 0.8 %. */
  readonly exact: boolean
  /** How many cells have each type, each cell seen by itself. */
  readonly types: { readonly [T in CellType]?: number }
  /** The least value of the kind: a number, a date as text, or the first text by code points. Null if there is none. */
  readonly min: number | string | null
  /** The greatest value of the kind. */
  readonly max: number | string | null
  /** Of numbers and dates; null for other kinds. Unless `exact`, those of numbers are within 0.8 %. Those of dates are exact to the day. */
  readonly quantiles: Quantiles | null
  /** Lengths of texts in characters. Null if no cell is text, as in columns of numbers of a workbook. */
  readonly lengths: { readonly min: number; readonly mean: number; readonly max: number } | null
  /** The most frequent values, at most ten. Beyond 4,096 distinct values, only those in at least 1/512 of the cells; their counts may then be too high by 0.07 % of the cells. */
  readonly top: readonly ValueCount[]
  /** The most frequent patterns of texts, at most ten. */
  readonly patterns: readonly PatternCount[]
  /** Some distinct values, chosen by their hashes. */
  readonly examples: readonly string[]
  /** Cells that may be wrong. */
  readonly suspects: readonly Suspect[]
}
