import type { JsonFault } from "./json-fault.ts"
import type { JsonTape } from "./json-tape.ts"

/** Walks the records of a window, one value each. */
export interface RecordReader {
  /** The record that was read last. */
  readonly tape: JsonTape
  /** Its range in the window; where it is a line, without the line break. */
  readonly start: number
  readonly end: number
  /** Where reading goes on: bytes before it that are in no row are needed no more. */
  readonly consumed: number
  /** One-based line on which it begins, where records are lines. */
  readonly line: number | undefined
  /** What is wrong with it, after `"bad"`. */
  readonly fault: JsonFault | undefined
  /** Reads the next record. `"more"`: the window must grow first. A fault that no later record can be read behind is thrown. */
  next(): "record" | "bad" | "more" | "end"
  /** The window now begins `by` bytes later than before. */
  rebase(by: number): void
}
