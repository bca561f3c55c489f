import { defined } from "../../options/defined.ts"
import type { OptionKind } from "../../options/option-kind.ts"
import { limits } from "../../options/option-kinds.ts"

/** Limits of a parquet file. Beyond one, reading fails with `LIMIT_EXCEEDED`, which names the option. */
export interface ParquetLimits {
  /** The most bytes of the footer, and most characters of all dotted column names together. Default: 16 MiB. */
  readonly footerBytes?: number | undefined
  /** The most bytes of one page after unpacking. Default: 128 MiB. */
  readonly pageBytes?: number | undefined
  /** The most unpacked bytes in memory at a time: one page of each column, and its dictionary twice. Default: 512 MiB. */
  readonly heldBytes?: number | undefined
  /** The most times the file's size that may be in memory at a time. The first 48 MiB are not limited. Default: 20. */
  readonly heldRatio?: number | undefined
  /** The most times the file's size that all its pages together may unpack to. The first 256 MiB are not limited. Default: 100. */
  readonly ratio?: number | undefined
  /** The most values of one page. Default: 4,194,304. */
  readonly pageValues?: number | undefined
  /**
   * Most cells for each byte of the file. The first 16,777,216 cells are not limited. Eight bytes of text count as one more cell, and a value in a
   * list as four for each list, map and struct that it is in, an INT96 outside a dictionary as four. Default: 100.
   */
  readonly cellRatio?: number | undefined
  /** The most values in the lists and maps of one row. A value counts once for each list, map and struct that it is in. Default: 262,144. */
  readonly nestedValues?: number | undefined
  /** The most bytes of text in the lists and maps of one row. Default: 16 MiB. */
  readonly nestedBytes?: number | undefined
  /** The most row groups. Default: 32,767, which is the maximum of the format. */
  readonly rowGroups?: number | undefined
  /** The most bytes of one text. Default: 1 MiB. */
  readonly cellBytes?: number | undefined
  /** The most columns, including nested ones. Default: 16,384. */
  readonly columns?: number | undefined
  /** The most levels of nested columns. Default: 64. */
  readonly depth?: number | undefined
}

/** The limits with their defaults filled in. */
export type ParquetBounds = { readonly [L in keyof ParquetLimits]-?: number }

const miB = 1024 * 1024

const defaults: ParquetBounds = {
  footerBytes: 16 * miB,
  pageBytes: 128 * miB,
  heldBytes: 512 * miB,
  heldRatio: 20,
  ratio: 100,
  pageValues: 4 * miB,
  cellRatio: 100,
  nestedValues: miB / 4,
  nestedBytes: 16 * miB,
  rowGroups: 32_767,
  cellBytes: miB,
  columns: 16_384,
  depth: 64,
}

export function parquetBounds(limits: ParquetLimits = {}): ParquetBounds {
  return { ...defaults, ...defined(limits) }
}

export function parquetLimitsKind(): OptionKind<ParquetLimits> {
  return limits<ParquetLimits>(defaults)
}
