import type { Context } from "./context.ts"

/** A range of bytes: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  /** First byte, from 0. */
  readonly start: number
  /** First byte after the range; default: to the end. */
  readonly end?: number
}

/** How a stream is read. */
export interface StreamOptions {
  /** Whether the reader is done with each chunk when it asks for the next one, so that the source may fill the same memory again. */
  readonly reuse?: boolean
}

/** One version of one file. */
export interface SourceFile {
  /** `file:///...`, `s3://bucket/key`, or a name for bytes in memory. */
  readonly uri: string
  /** The version that all reads are pinned to, where the source has versions. */
  readonly version?: string
  /**
   * Grows with each version of the file, where the source can tell which one is newer: a whole number. The library's own sources give
   * microseconds of the last change.
   */
  readonly sequence?: number
  /** Bytes, where known before reading. Formats with a directory at the end (xlsx, parquet) need it. */
  readonly size?: number
  /**
   * Whether reading twice costs little: a local file or memory. The bytes are then hashed before anything else, and the source has to
   * give the same ones to the parser, or fail with `SOURCE_CHANGED`.
   */
  readonly rereadable?: boolean
  /** Whether the rows can be read once only, as those of a generator: a delivery of them is not tried again. */
  readonly once?: boolean
  /** Opens the bytes, or a range of them. May be called more than once, also at the same time. A source need not heed the options. */
  stream(range?: ByteRange, options?: StreamOptions): AsyncIterable<Uint8Array>
  /**
   * The sha256 of the bytes in hex, where the source knows it, or comes to it for less than `stream` would. Asked more than once: before
   * anything else of a file that is `rereadable`, after the last batch of others.
   */
  sha256?(): Promise<string>
  /** Reads one range at once, where that is cheaper than a stream. */
  read?(start: number, end: number): Promise<Uint8Array>
}

/** Where files come from. Nothing is opened before `files` is walked. */
export interface Source {
  /** For messages. */
  readonly name: string
  /** The files to deliver, one after another. */
  files(context: Context): AsyncIterable<SourceFile>
}
