import type { JsonValue } from "./json-value.ts"

/** Something about a whole table that a reader should know: a header that was renamed, a dialect that was guessed. */
export interface TableNotice {
  /** What was noticed, for programs; `docs/issues.md` lists them. */
  readonly code: string
  /** What was noticed, for people. */
  readonly message: string
  /** One-based row or line it speaks of. */
  readonly row?: number
  /** The column that it speaks of, if it is one. */
  readonly column?: string
}

/** What is known of a table before its rows. The same object stands on every batch of the table. */
export interface TableFacts {
  /** The sheet, the defined table, or the file's name without its folders. */
  readonly name: string
  /** Column names as the file's header gives them, made unique and usable; `column_1` and so on where there is no header. */
  readonly header: readonly string[]
  /** A sheet that the workbook hides. */
  readonly hidden?: boolean
  /** What a reader should know of the table as a whole. */
  readonly notices?: readonly TableNotice[]
  /** How the file was read: dialect with evidence, encoding, sheet facts. Part of the plan. */
  readonly facts?: { readonly [fact: string]: JsonValue }
}
