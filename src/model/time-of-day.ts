import { clockText } from "./clock-text.ts"

/** A time without a date, from a spreadsheet cell with a format such as `hh:mm`. */
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
