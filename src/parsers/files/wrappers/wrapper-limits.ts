import type { ZipLimits } from "../zip/zip-limits.ts"

/** What a gzip or zip file may hold before it is refused with `LIMIT_EXCEEDED`. */
export interface WrapperLimits extends ZipLimits {
  /** Most bytes of a packed workbook or parquet file: they are read from their end, so they are unpacked into memory. Default 256 MiB. */
  readonly heldBytes?: number | undefined
}

/** The limit of a file that is unpacked into memory. */
export const defaultHeldBytes = 256 * 1024 * 1024
