import type { ZipLimits } from "../zip/zip-limits.ts"

/** Limits of a gzip or zip file. Beyond one, reading fails with `LIMIT_EXCEEDED`. */
export interface WrapperLimits extends ZipLimits {
  /** Most bytes of a packed workbook or parquet file. These are unpacked into memory, because they are read from their end. Default 256 MiB. */
  readonly heldBytes?: number | undefined
}

/** Default of `limits.heldBytes`. */
export const defaultHeldBytes = 256 * 1024 * 1024
