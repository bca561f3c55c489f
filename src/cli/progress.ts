import { counted } from "../errors/counted.ts"
import { fileName } from "../model/file-name.ts"
import type { Printer } from "./printer.ts"

/** The progress of a run. */
export interface ProgressEvent {
  readonly read: number
  readonly rejected: number
  readonly uri: string
}

const leastMs = 100

/** A line that is updated at most ten times a second. */
export class ProgressLine {
  readonly #printer: Printer
  readonly #now: () => number
  readonly #begin: number
  #shownAt = Number.NEGATIVE_INFINITY

  constructor(printer: Printer, now: () => number = () => performance.now()) {
    this.#printer = printer
    this.#now = now
    this.#begin = now()
  }

  show({ read, rejected, uri }: ProgressEvent): void {
    const now = this.#now()
    if (now - this.#shownAt < leastMs) return
    this.#shownAt = now
    const rate = Math.round(read / Math.max(0.001, (now - this.#begin) / 1000))
    this.#printer.status(`${fileName(uri)}: ${counted(read, "row")} read, ${count(rejected)} rejected, ${count(rate)} rows/s`)
  }

  /** Removes the line, so that the next output starts at its beginning. */
  clear(): void {
    this.#printer.status("")
  }
}

function count(value: number): string {
  return value.toLocaleString("en-US")
}
