import { spaceFirst } from "../../../cells/white-space.ts"
import type { Dialect } from "../dialect/dialect.ts"

/** Why a scanner stopped. */
export const scanStatus = {
  /** The bytes end within a record. */
  input: 0,
  /** The rows are as many as may be. */
  full: 1,
  /** The record is irregular: another number of fields, text after a closing quote. */
  odd: 2,
  /** The record may be a comment. */
  comment: 3,
} as const

/** What a scanner is made for. */
export interface ScannerOptions {
  readonly dialect: Dialect
  /** How many fields a regular record has. */
  readonly width: number
  /** Most rows of a batch. */
  readonly rowLimit: number
  /** Bytes that the window holds at first. */
  readonly windowBytes: number
}

/** Bytes after the end of the scanned ones that are zero, so that sixteen can be read at once. */
export const paddingBytes = 16

/**
 * Finds the fields of regular records in a window of bytes.
 *
 * Starts and ends of fields go to `cells`, a column after the other: the start of row r in column j is at `j * stride + r`, its end
 * `width * stride` further on. A field that stands in quotes is given without them; one with doubled quotes or escapes in it is noted in
 * `fixups` by the index of its start.
 */
export interface RecordScanner {
  readonly width: number
  readonly rowLimit: number
  readonly stride: number
  /** At least the reserved bytes and the padding. Another object after `reserve`. */
  readonly window: Buffer
  readonly cells: Uint32Array
  /** Where each row's record begins. */
  readonly rowStarts: Uint32Array
  readonly fixups: Uint32Array
  /** Fields that may be blank, by the index of their start, in order of their records: those that begin with a byte of `blankFirst`. */
  readonly blanks: Uint32Array
  /** Rows with a quote within an unquoted field, in order. */
  readonly strays: Uint32Array
  /** How many stray rows there are; set to 0 by the caller with each batch. */
  strayCount: number
  /** How many fields may be blank; set to 0 by the caller with each batch. */
  blankCount: number
  /** How many fix-ups there are; set by the caller to where new ones go. */
  fixupCount: number
  /** Where the last scan stopped: the beginning of a record. */
  readonly position: number
  /** Rows after the last scan. */
  readonly rows: number
  /** Line ends that the last scan passed. */
  readonly lines: number
  /** Makes the window hold so many bytes; what it holds stays. */
  reserve(bytes: number): void
  /** Scans records from a position to an end, into rows from `row` on, and says why it stopped. */
  scan(from: number, end: number, row: number): number
}

/** 1 for each byte that a blank field may begin with: white space, and what comes after a field without a byte. */
export function blankFirst({ delimiter = "", quote = "" }: Dialect): Uint8Array {
  const first = spaceFirst.slice()
  for (const byte of Buffer.from(delimiter.slice(0, 1) + quote, "latin1")) first[byte] = 1
  return first
}

/** Space between columns: a power of two would put all columns on the same cache lines. */
export function strideOf(rowLimit: number): number {
  return rowLimit + 16
}
