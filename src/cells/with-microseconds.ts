/** From 1691 to 2248, a double of milliseconds tells one microsecond from the next. */
const mostMs = 2 ** 43

/** An instant of whole milliseconds with a fraction of microseconds, which is left out if a double cannot hold it. */
export function withMicroseconds(ms: number, fraction: number): number {
  return fraction !== 0 && ms < mostMs && ms > -mostMs ? ms + fraction : ms
}
