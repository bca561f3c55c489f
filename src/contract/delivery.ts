import type { ColumnSpec } from "../model/column-spec.ts"

/** What a sink must know of a delivery before its rows. */
export interface Delivery {
  /** A new UUID for each delivery. */
  readonly id: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** The file. */
  readonly uri: string
  /** The version of the file, where its source has versions. */
  readonly version?: string | undefined
  /** Grows with each version of the file, where its source can tell which one is newer. */
  readonly sequence?: number | undefined
  /** Of the bytes, in hex; undefined where reading twice is dear. It is then known at `settle`. */
  readonly sha256: string | undefined
  /** Which table of the file is read, where the parser was told to read another one than it reads by itself. */
  readonly sourceTable?: string | undefined
  /** Columns that rows will have, as far as schema, normalizers and plan declare them. Empty where nothing does. */
  readonly columns: readonly ColumnSpec[]
  /** The declared version of schema, rules and normalizers. Recorded, not part of the identity. */
  readonly contractVersion?: string | undefined
  /** The instant to judge by, where the caller gave one. Undefined: the clock's, as `Context.asOf` has it. */
  readonly asOf?: Date | undefined
  /** Everything but the commit. */
  readonly dryRun: boolean
  /** A load of bytes that were loaded before, in place of that delivery's rows. */
  readonly reload?: boolean | undefined
  /** Rejected rows of an earlier delivery that this one brings corrected. */
  readonly corrects?: Correction | undefined
}

/** Which rejected rows are corrected: the row n of the file, counted from 1 by its origin, stands for `rejects[n - 1]`. */
export interface Correction {
  /** The delivery that rejected them. */
  readonly delivery: string
  /** Numbers of its rejects in the ledger; undefined for rows of the file that stand for none, such as its header. */
  readonly rejects: readonly (number | undefined)[]
}
