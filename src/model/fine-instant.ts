/**
 * A date whose instant is finer than a millisecond. As a Date, it is the millisecond in which the instant lies; its ISO text, and so its JSON, has six
 * digits of a second.
 */
class FineDate extends Date {
  readonly #exact: number

  constructor(ms: number) {
    super(Math.floor(ms))
    this.#exact = ms
  }

  get exact(): number {
    // Somebody may have set the date to another instant.
    return Math.floor(this.#exact) === this.getTime() ? this.#exact : this.getTime()
  }

  override toISOString(): string {
    const text = super.toISOString()
    const micros = Math.round((this.exact - this.getTime()) * 1000)
    return micros === 0 ? text : `${text.slice(0, -1)}${String(micros).padStart(3, "0")}Z`
  }
}

/** A Date of an instant in milliseconds since 1970 UTC, with microseconds as a fraction. */
export function toDate(ms: number): Date {
  return Number.isInteger(ms) || Number.isNaN(ms) ? new Date(ms) : new FineDate(ms)
}

/** The instant of a Date in milliseconds, with microseconds as a fraction if it comes from `toDate`. */
export function instantOf(date: Date): number {
  return date instanceof FineDate ? date.exact : date.getTime()
}
