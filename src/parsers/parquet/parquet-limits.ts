/** Limits of parquet input. A file that passes one is refused with `LIMIT_EXCEEDED`, which names the option. */
export interface ParquetLimits {
  /** Most bytes of the footer, which describes the file. Default 16 MiB. */
  readonly footerBytes?: number | undefined
  /** Most bytes of one page, unpacked. Default 128 MiB. */
  readonly pageBytes?: number | undefined
  /** Most bytes of the pages that are held at the same time, unpacked: one of each column, and its dictionary twice. Default 512 MiB. */
  readonly heldBytes?: number | undefined
  /** How many times the size of the file these pages may have, once they are above 48 MiB together. Default 20. */
  readonly heldRatio?: number | undefined
  /** How many times its size the pages of a file may unpack to, all together, once they are above 256 MiB. Default 100. */
  readonly ratio?: number | undefined
  /** Most values of one page. Default 4,194,304. */
  readonly pageValues?: number | undefined
  /**
   * How many cells a file may have for each of its bytes, once it has more than 16,777,216. Eight bytes of text count as a cell more, and a value in
   * a list as four for each list, map and struct that it is in. Default 100.
   */
  readonly cellRatio?: number | undefined
  /** Most values that the lists and maps of one row hold, each counted for each list, map and struct that it is in. Default 262,144. */
  readonly nestedValues?: number | undefined
  /** Most bytes of the texts that the lists and maps of one row hold. Default 16 MiB. */
  readonly nestedBytes?: number | undefined
  /** Most groups of rows. Default 32,767, which is all that the format can count. */
  readonly rowGroups?: number | undefined
  /** Most bytes of one text. Default 1 MiB. */
  readonly cellBytes?: number | undefined
  /** Most columns, nested ones included. Default 16,384. */
  readonly columns?: number | undefined
  /** Deepest nesting of columns. Default 64. */
  readonly depth?: number | undefined
}

/** The limits in force. */
export type ParquetBounds = { readonly [L in keyof ParquetLimits]-?: number }

const miB = 1024 * 1024

/** Limits with their defaults. */
export function parquetBounds(limits: ParquetLimits = {}): ParquetBounds {
  return {
    footerBytes: limits.footerBytes ?? 16 * miB,
    pageBytes: limits.pageBytes ?? 128 * miB,
    heldBytes: limits.heldBytes ?? 512 * miB,
    heldRatio: limits.heldRatio ?? 20,
    ratio: limits.ratio ?? 100,
    pageValues: limits.pageValues ?? 4 * miB,
    cellRatio: limits.cellRatio ?? 100,
    nestedValues: limits.nestedValues ?? miB / 4,
    nestedBytes: limits.nestedBytes ?? 16 * miB,
    rowGroups: limits.rowGroups ?? 32_767,
    cellBytes: limits.cellBytes ?? miB,
    columns: limits.columns ?? 16_384,
    depth: limits.depth ?? 64,
  }
}
