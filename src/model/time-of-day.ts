import { clockText } from "./clock-text.ts"

/** A time without a date, as a spreadsheet cell formatted `hh:mm` holds it. */
export class TimeOfDay {
  /** Milliseconds since midnight, 0 to 86,399,999. */
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  /** `HH:MM:SS`, with `.fff` where there are milliseconds. */
  toString(): string {
    return clockText(this.ms)
  }

  /** The same text. */
  toJSON(): string {
    return this.toString()
  }
}
