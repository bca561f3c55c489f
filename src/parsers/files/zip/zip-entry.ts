/** One entry of a zip file, as the central directory describes it. */
export interface ZipEntry {
  /** The path, with forward slashes. */
  readonly name: string
  /** `0` is stored, `8` is deflated. Other methods cannot be read. */
  readonly method: number
  readonly encrypted: boolean
  readonly crc32: number
  readonly compressedBytes: number
  /** The stated size after inflating. */
  readonly bytes: number
  /** Offset of the entry's local header in the file. */
  readonly offset: number
  /** Offset in the file of what follows the entry: the next entry, or the directory. */
  readonly end: number
}
