import type { Context } from "./context.ts"

/** A range of bytes: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  /** The first byte, from 0. */
  readonly start: number
  /** The first byte after the range. Default: the end of the file. */
  readonly end?: number
}

/** How the caller reads a stream. */
export interface StreamOptions {
  /** True if the caller finishes with each chunk before it requests the next one; the source may then reuse its buffer. Default: false. */
  readonly reuse?: boolean
}

/** One version of one file. */
export interface SourceFile {
  /** `file:///...`, `s3://bucket/key`, or a name for bytes in memory. */
  readonly uri: string
  /** The version that all reads return, if the source has versions. */
  readonly version?: string
  /**
   * A whole number that grows with each version of the file, if the source can tell which version is newer. The library's sources use the time
   * of the last change in microseconds.
   */
  readonly sequence?: number
  /** When the file was last changed, if the source knows. `volume.mostAgeHours` of a pipeline judges it. */
  readonly modifiedAt?: Date
  /** The size in bytes, if it is known before reading. Formats with a directory at the end (xlsx, parquet) need it. */
  readonly size?: number
  /**
   * True if reading the file twice costs little, as with a local file or memory. rowgate then hashes the bytes first. The source must give
   * the parser the same bytes, or fail with `SOURCE_CHANGED`.
   */
  readonly rereadable?: boolean
  /** True if the rows can be read only once, as from a generator. rowgate does not retry such a delivery. */
  readonly once?: boolean
  /** Streams the bytes, or a range of them. Several streams may be open at the same time. A source may ignore the options. */
  stream(range?: ByteRange, options?: StreamOptions): AsyncIterable<Uint8Array>
  /**
   * The SHA-256 of the bytes in hex, if the source knows it or can compute it faster than through `stream`. rowgate calls it more than once:
   * first of all for a `rereadable` file, after the last batch for others.
   */
  sha256?(): Promise<string>
  /** Reads a range into memory, if that is cheaper than a stream. */
  read?(start: number, end: number): Promise<Uint8Array>
}

/** Where files come from. A source opens nothing until rowgate iterates over `files`. */
export interface Source {
  /** A name for messages. */
  readonly name: string
  /** The files to deliver, in order. */
  files(context: Context): AsyncIterable<SourceFile>
}
