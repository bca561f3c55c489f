import { spaceFirst } from "../../../cells/white-space.ts"
import type { Dialect } from "../dialect/dialect.ts"

/** Why a scanner stopped. */
export const scanStatus = {
  /** The bytes end inside a record. */
  input: 0,
  /** The batch has reached its limit of rows. */
  full: 1,
  /** The record is irregular: its number of fields differs, or text follows a closing quote. */
  odd: 2,
  /** The record may be a comment. */
  comment: 3,
} as const

/** What a scanner needs to know. */
export interface ScannerOptions {
  readonly dialect: Dialect
  /** How many fields a regular record has. */
  readonly width: number
  /** The most rows of a batch. */
  readonly rowLimit: number
  /** The initial size of the window in bytes. */
  readonly windowBytes: number
}

/** The number of zero bytes after the scanned ones, so that sixteen bytes can always be read at once. */
export const paddingBytes = 16

/**
 * Finds the fields of regular records in a window of bytes.
 *
 * The starts and ends of fields go into `cells`, column after column: row r of column j starts at index `j * stride + r`, and its end is `width
 * * stride` further on. The range of a quoted field excludes the quotes. If a field contains doubled quotes or escapes, the index of its start
 * goes into `fixups`.
 */
export interface RecordScanner {
  readonly width: number
  readonly rowLimit: number
  readonly stride: number
  /** At least the reserved bytes plus the padding. `reserve` may replace this object. */
  readonly window: Buffer
  readonly cells: Uint32Array
  /** Where each row's record begins. */
  readonly rowStarts: Uint32Array
  readonly fixups: Uint32Array
  /** Fields that may be blank because they begin with a byte of `blankFirst`, by the index of their start, in the order of their records. */
  readonly blanks: Uint32Array
  /** Rows with a quote inside an unquoted field, in order. */
  readonly strays: Uint32Array
  /** How many stray rows there are. The caller resets it to 0 for each batch. */
  strayCount: number
  /** How many fields may be blank. The caller resets it to 0 for each batch. */
  blankCount: number
  /** How many fix-ups there are. The caller sets where new ones go. */
  fixupCount: number
  /** Where the last scan stopped, which is the beginning of a record. */
  readonly position: number
  /** Rows after the last scan. */
  readonly rows: number
  /** How many line ends the last scan passed. */
  readonly lines: number
  /** Makes the window hold at least this many bytes and keeps its content. */
  reserve(bytes: number): void
  /** Scans records between two positions into rows, beginning at `row`. Returns why it stopped. */
  scan(from: number, end: number, row: number): number
}

/** 1 for each byte that a blank field may begin with: white space, or whatever follows an empty field. */
export function blankFirst({ delimiter = "", quote = "" }: Dialect): Uint8Array {
  const first = spaceFirst.slice()
  for (const byte of Buffer.from(delimiter.slice(0, 1) + quote, "latin1")) first[byte] = 1
  return first
}

/** The distance between columns. With a power of two, all columns would share the same cache lines. */
export function strideOf(rowLimit: number): number {
  return rowLimit + 16
}
