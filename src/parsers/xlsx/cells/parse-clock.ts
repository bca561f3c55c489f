/** Milliseconds since midnight of a time `HH:MM[:SS]`, which may begin with "T". NaN for other texts. */
export function parseClock(text: string): number {
  const found = /^T?(\d{2}):(\d{2})(?::(\d{2}))?Z?$/i.exec(text)
  if (found === null) return Number.NaN
  const [, hours, minutes, seconds = "0"] = found
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return Number.NaN
  return (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000
}
