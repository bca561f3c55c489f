import { clockText } from "./clock-text.ts"

/**
 * A time without a date, from a spreadsheet cell with a format such as `hh:mm`.
 *
 * @example
 * ```ts run
 * import { TimeOfDay } from "rowgate"
 *
 * console.log(String(new TimeOfDay(9 * 3_600_000))) // => 09:00:00
 * ```
 */
export class TimeOfDay {
  /** Milliseconds since midnight, 0 to 86,399,999. */
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  /** `HH:MM:SS`, with `.fff` if there are milliseconds. */
  toString(): string {
    return clockText(this.ms)
  }

  /** The same text. */
  toJSON(): string {
    return this.toString()
  }
}
