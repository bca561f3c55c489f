import type { ColumnSpec } from "../model/column-spec.ts"

/** What a sink must know of a delivery before its rows. */
export interface Delivery {
  readonly id: string
  readonly pipeline: string
  readonly uri: string
  readonly version?: string | undefined
  /** Of the bytes, in hex; undefined where reading twice is dear. It is then known at `settle`. */
  readonly sha256: string | undefined
  /** Columns that rows will have, as far as schema, normalizers and plan declare them. Empty where nothing does. */
  readonly columns: readonly ColumnSpec[]
  /** The declared version of schema, rules and normalizers. Recorded, not part of the identity. */
  readonly contractVersion?: string | undefined
  /** Everything but the commit. */
  readonly dryRun: boolean
  /** A load of bytes that were loaded before, in place of that delivery's rows. */
  readonly reload?: boolean | undefined
}
