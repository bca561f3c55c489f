import type { Batches } from "../model/batch.ts"
import type { Row } from "../model/cell-value.ts"
import type { Context } from "./context.ts"
import type { SourceFile } from "./source.ts"

/** Reads the tables of a file as batches: one table after another, each table at least one batch. */
export interface Parser<out T = Row> {
  /** For messages. */
  readonly name: string
  /** Reads the file; nothing is opened before the batches are walked. */
  parse(file: SourceFile, context: Context): Batches<T>
  /**
   * Which table of the file the parser's options choose, in words that are the same for the same table, such as `Prices!B4:H90`. Two tables of
   * one file are two deliveries, and each loads once. Undefined for the whole file, or for the table that is read without such options.
   * Default: undefined.
   */
  locate?(file: SourceFile, context: Context): Promise<string | undefined>
}
