import { clockText } from "./clock-text.ts"

/** An elapsed time, as a spreadsheet cell formatted `[h]:mm` holds it. */
export class Duration {
  /** Milliseconds; negative where the cell is. */
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  /** `[-]HH:MM:SS`, hours beyond 24 kept, with `.fff` where there are milliseconds. */
  toString(): string {
    return clockText(this.ms)
  }

  /** The same text. */
  toJSON(): string {
    return this.toString()
  }
}
