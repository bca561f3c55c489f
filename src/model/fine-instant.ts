/** The exact milliseconds of dates whose instant is finer than a millisecond, which a Date cannot hold. */
const fine = new WeakMap<Date, number>()

/** A Date of an instant in milliseconds since 1970 UTC. It shows whole milliseconds; `instantOf` knows the microseconds. */
export function toDate(ms: number): Date {
  const whole = Math.floor(ms)
  const date = new Date(whole)
  if (whole !== ms) fine.set(date, ms)
  return date
}

/** The instant of a Date in milliseconds, with microseconds as a fraction if it comes from `toDate`. */
export function instantOf(date: Date): number {
  const ms = fine.get(date)
  // Somebody may have set the date to another instant.
  return ms !== undefined && Math.floor(ms) === date.getTime() ? ms : date.getTime()
}
