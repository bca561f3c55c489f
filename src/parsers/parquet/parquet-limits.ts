/** Limits of parquet input. A file that passes one is refused with `LIMIT_EXCEEDED`, which names the option. */
export interface ParquetLimits {
  /** Most bytes of the footer, which describes the file. Default 16 MiB. */
  readonly footerBytes?: number | undefined
  /** Most bytes of one page, unpacked. Default 128 MiB. */
  readonly pageBytes?: number | undefined
  /** Most bytes of the pages that are held at the same time, unpacked: one of each column, and its dictionary. Default 512 MiB. */
  readonly heldBytes?: number | undefined
  /** How many times their packed size these pages may have, once they are above 10 MiB together. Default 200. */
  readonly ratio?: number | undefined
  /** Most values of one page. Default 4,194,304. */
  readonly pageValues?: number | undefined
  /** Most values that the lists and maps of one column hold in one batch of rows. Default 262,144. */
  readonly nestedValues?: number | undefined
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
    ratio: limits.ratio ?? 200,
    heldBytes: limits.heldBytes ?? 512 * miB,
    pageValues: limits.pageValues ?? 4 * miB,
    nestedValues: limits.nestedValues ?? miB / 4,
    rowGroups: limits.rowGroups ?? 32_767,
    cellBytes: limits.cellBytes ?? miB,
    columns: limits.columns ?? 16_384,
    depth: limits.depth ?? 64,
  }
}
