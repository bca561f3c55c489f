/** Limits of parquet input. A file that passes one is refused with `LIMIT_EXCEEDED`, which names the option. */
export interface ParquetLimits {
  /** Most bytes of the footer, which describes the file. Default 16 MiB. */
  readonly footerBytes?: number | undefined
  /** Most bytes of one page, unpacked. Default 128 MiB. */
  readonly pageBytes?: number | undefined
  /** How many times its packed size a page may have, once it is above 10 MiB. Default 200. */
  readonly ratio?: number | undefined
  /** Most values of one page. Default 16,777,216. */
  readonly pageValues?: number | undefined
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
    pageValues: limits.pageValues ?? 16 * miB,
    cellBytes: limits.cellBytes ?? miB,
    columns: limits.columns ?? 16_384,
    depth: limits.depth ?? 64,
  }
}
