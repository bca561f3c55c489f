import type { JsonFault } from "./json-fault.ts"
import type { JsonTape } from "./json-tape.ts"

/** Reads the records of a window, one value each. */
export interface RecordReader {
  /** The current record. */
  readonly tape: JsonTape
  /** Its range in the window. If it is a line, without the line end. */
  readonly start: number
  readonly end: number
  /** Where reading continues. Bytes before it that belong to no row are no longer needed. */
  readonly consumed: number
  /** The line on which it begins, counted from 1; undefined if records are not lines. */
  readonly line: number | undefined
  /** What is wrong with the record, after `"bad"`. */
  readonly fault: JsonFault | undefined
  /** Reads the next record. `"more"` means that the window must grow first. Throws a fault after which no record can be read. */
  next(): "record" | "bad" | "more" | "end"
  /** The window now begins `by` bytes later. */
  rebase(by: number): void
}
