import { dayMs } from "./civil-date.ts"

/** From 1691 to 2248, a double of milliseconds tells one microsecond from the next. */
const mostMs = 2 ** 43

/** An instant of whole milliseconds with microseconds from 0 to 999; NaN if a double cannot hold it. */
export function withMicroseconds(ms: number, micros: number): number {
  return micros === 0 ? ms : ms < mostMs && ms > -mostMs ? ms + micros / 1000 : Number.NaN
}

/** The instant of a day since 1970 and a time in milliseconds, whose fraction is microseconds; NaN if a double cannot hold it. */
export function instantAt(days: number, time: number): number {
  const whole = Math.floor(time)
  return time === whole ? days * dayMs + time : withMicroseconds(days * dayMs + whole, Math.round((time - whole) * 1000))
}
