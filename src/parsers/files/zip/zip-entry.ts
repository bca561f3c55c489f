/** One entry of a zip file, as the central directory states it. */
export interface ZipEntry {
  /** Path with forward slashes. */
  readonly name: string
  /** `0` stored, `8` deflated; others cannot be read. */
  readonly method: number
  readonly encrypted: boolean
  readonly crc32: number
  readonly compressedBytes: number
  /** Bytes once inflated, as stated. */
  readonly bytes: number
  /** File offset of the entry's local header. */
  readonly offset: number
  /** File offset of whatever stands after the entry: the next one, or the directory. */
  readonly end: number
}
