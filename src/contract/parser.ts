import type { Batches } from "../model/batch.ts"
import type { Row } from "../model/cell-value.ts"
import type { Context } from "./context.ts"
import type { SourceFile } from "./source.ts"

/** Reads the tables of a file as batches, one table after another. Each table gives at least one batch, even if it has no rows. */
export interface Parser<out T = Row> {
  /** A name for messages. */
  readonly name: string
  /** Reads the file. It opens nothing until the caller requests the first batch. */
  parse(file: SourceFile, context: Context): Batches<T>
  /**
   * Names the table that the parser's options select, such as `Prices!B4:H90`; the same table always has the same name. Two tables of one file
   * are two deliveries, and each loads once. Returns undefined for the whole file, or for the table that the parser reads without options. A
   * parser without this method always means that.
   */
  locate?(file: SourceFile, context: Context): Promise<string | undefined>
}
