/** What a zip file may hold before it is refused. A limit is never a cut: beyond it, reading fails with `LIMIT_EXCEEDED`. */
export interface ZipLimits {
  /** Most entries. Default 10,000. */
  readonly entries?: number | undefined
  /** Most bytes of the zip's directory, which is read whole. Default 16 MiB. */
  readonly directoryBytes?: number | undefined
  /** Most bytes of one entry, inflated. Default 2 GiB. */
  readonly entryBytes?: number | undefined
  /** Most bytes of all entries together, inflated. Default 4 GiB. */
  readonly totalBytes?: number | undefined
  /** How many times its compressed size an entry may inflate to, and all that are read may together, once they are above 10 MiB. Default 200. */
  readonly ratio?: number | undefined
}

/** The limits in force. */
export interface ZipBounds {
  readonly entries: number
  readonly directoryBytes: number
  readonly entryBytes: number
  readonly totalBytes: number
  readonly ratio: number
}

/** Below this size the ratio may be any: a sheet of equal rows deflates a thousandfold, and small bombs harm nobody. */
export const ratioFreeBytes = 10 * 1024 ** 2

const miB = 1024 ** 2
const giB = 1024 ** 3

export function zipBounds(limits: ZipLimits = {}): ZipBounds {
  return {
    entries: limits.entries ?? 10_000,
    directoryBytes: limits.directoryBytes ?? 16 * miB,
    entryBytes: limits.entryBytes ?? 2 * giB,
    totalBytes: limits.totalBytes ?? 4 * giB,
    ratio: limits.ratio ?? 200,
  }
}
