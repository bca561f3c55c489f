import type { JsonValue } from "./json-value.ts"

/** Something about the whole table that a reader should know, such as a renamed header or a guessed dialect. */
export interface TableNotice {
  /** What was noticed, for programs; `docs/issues.md` lists them. */
  readonly code: string
  /** What was noticed, for people. */
  readonly message: string
  /** The row or line that the notice is about, from 1. */
  readonly row?: number
  /** The column, if the notice is about a single one. */
  readonly column?: string
  /** Texts of the file, as the message quotes them. The ledger leaves them out of the message, and so does every report if the sink redacts columns. */
  readonly quotes?: readonly string[]
}

/** A column of decimals, and how many digits they may have: all of them, and those after the point. */
export interface DeclaredDecimal {
  /** The name in the file. */
  readonly column: string
  /** How many digits a value has at most. */
  readonly precision: number
  /** How many of them come after the decimal point. */
  readonly scale: number
}

/** A column that was left out because no contract names it. */
export interface DiscardedColumn {
  /** The name in the file. */
  readonly column: string
  /** How many of its cells had values. */
  readonly cells: number
}

/** What is known about a table before its rows. All batches of the table share the object. */
export interface TableFacts {
  /** The name of the sheet or the defined table, or the file name without its folders. */
  readonly name: string
  /** The column names of the file's header, made unique and usable; `column_1` and so on if there is no header. */
  readonly header: readonly string[]
  /** True for a sheet that the workbook hides. */
  readonly hidden?: boolean
  /** Whether later rows may add columns, as rows of JSON and rows from a program can. Default: false. */
  readonly growing?: boolean
  /** How many lines or rows of the file are above, between or below its tables and so are no rows. A notice tells where. Default: 0. */
  readonly skippedAbove?: number
  /** Columns that no contract names, and that go on to the sink even if a schema would drop them. Default: none. */
  readonly evolving?: readonly string[]
  /** Columns that were left out, and how many of their cells had values in this batch, or in all batches. Default: none. */
  readonly discarded?: readonly DiscardedColumn[]
  /** The columns that the file declares as decimals. Default: none. */
  readonly decimals?: readonly DeclaredDecimal[]
  /** What a reader should know about the table as a whole. */
  readonly notices?: readonly TableNotice[]
  /** How the file was read: the dialect with its evidence, the encoding, facts about the sheet. Part of the plan. */
  readonly facts?: { readonly [fact: string]: JsonValue }
}
