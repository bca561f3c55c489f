import { clockText } from "./clock-text.ts"

/**
 * An elapsed time, from a spreadsheet cell with a format such as `[h]:mm`.
 *
 * @example
 * ```ts run
 * import { Duration } from "rowgate"
 *
 * console.log(String(new Duration(90_000))) // => 00:01:30
 * ```
 */
export class Duration {
  /** Milliseconds; may be negative. */
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  /** `[-]HH:MM:SS`, with `.fff` if there are milliseconds. Hours may exceed 24. */
  toString(): string {
    return clockText(this.ms)
  }

  /** The same text. */
  toJSON(): string {
    return this.toString()
  }
}
