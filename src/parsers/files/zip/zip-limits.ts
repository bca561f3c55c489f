import { defined } from "../../../options/defined.ts"

/** Limits of a zip file. Beyond one, reading fails with `LIMIT_EXCEEDED`; a file is never read in part. */
export interface ZipLimits {
  /** The most entries. Default: 10,000. */
  readonly entries?: number | undefined
  /** The most bytes of the zip's directory, which is read into memory. Default: 16 MiB. */
  readonly directoryBytes?: number | undefined
  /** The most bytes of one entry after inflating. Default: 2 GiB. */
  readonly entryBytes?: number | undefined
  /** The most bytes of all entries together after inflating. Default: 4 GiB. */
  readonly totalBytes?: number | undefined
  /** The most times its compressed size that an entry may inflate to, and all entries together. Sizes up to 10 MiB are not limited. Default: 200. */
  readonly ratio?: number | undefined
}

/** The limits with their defaults filled in. */
export interface ZipBounds {
  readonly entries: number
  readonly directoryBytes: number
  readonly entryBytes: number
  readonly totalBytes: number
  readonly ratio: number
}

/** Up to this size any ratio is allowed: a sheet of equal rows deflates a thousandfold, and a small bomb does no harm. */
export const ratioFreeBytes = 10 * 1024 ** 2

const miB = 1024 ** 2
const giB = 1024 ** 3

export const zipDefaults: ZipBounds = {
  entries: 10_000,
  directoryBytes: 16 * miB,
  entryBytes: 2 * giB,
  totalBytes: 4 * giB,
  ratio: 200,
}

export function zipBounds(limits: ZipLimits = {}): ZipBounds {
  return { ...zipDefaults, ...defined(limits) }
}
