import type { OptionKind } from "../../../options/option-kind.ts"
import { limits } from "../../../options/option-kinds.ts"
import { type ZipLimits, zipDefaults } from "../zip/zip-limits.ts"

/** Limits of a gzip or zip file. Beyond one, reading fails with `LIMIT_EXCEEDED`. */
export interface WrapperLimits extends ZipLimits {
  /** The most bytes of a packed workbook or parquet file. These are unpacked into memory, because they are read from their end. Default: 256 MiB. */
  readonly heldBytes?: number | undefined
  /** The most files of a zip file that are read as tables, those of a zip file within it included. Default: 1,000. */
  readonly files?: number | undefined
}

/** Default of `limits.heldBytes`. */
export const defaultHeldBytes = 256 * 1024 * 1024

/** Opening a table and finding out how it is written takes time, however short it is. */
export const defaultFiles = 1_000

export function wrapperLimitsKind(): OptionKind<WrapperLimits> {
  return limits<WrapperLimits>({ ...zipDefaults, heldBytes: defaultHeldBytes, files: defaultFiles })
}
