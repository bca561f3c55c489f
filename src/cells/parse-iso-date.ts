import { dayMs, daysFromCivil } from "./civil-date.ts"
import { dropSpace, maySpace, skipSpace } from "./white-space.ts"
import { instantAt } from "./with-microseconds.ts"

/**
 * Reads an ISO 8601 date or date-time from bytes, as milliseconds since 1970 in UTC; NaN if the text is not one.
 *
 * The format is `YYYY-MM-DD`, then optionally `T` or a space and `HH:MM[:SS[.fff...]]`, then optionally `Z` or `±HH[:]MM`. Without an offset the
 * time is UTC. Microseconds are a fraction. Digits that the result cannot hold are refused: those of nanoseconds, and those of microseconds before 1691 and
 * after 2248. A leap second (`:60`) is refused too, because Unix time has none.
 */
export function parseIsoDate(bytes: Uint8Array, from: number, to: number): number {
  const start = maySpace(bytes[from]) ? skipSpace(bytes, from, to) : from
  const end = maySpace(bytes[to - 1]) ? dropSpace(bytes, start, to) : to
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return Number.NaN
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
  const days = daysFromCivil(year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8))
  if (end - start === 10) return days * dayMs
  return instantAt(days, timeOf(bytes, start + 10, end))
}

/** The time after the date in milliseconds, minus the offset. */
function timeOf(bytes: Uint8Array, start: number, end: number): number {
  const separator = bytes[start]
  if (separator !== 84 && separator !== 116 && separator !== 32) return Number.NaN
  let at = start + 1
  const hours = twoDigits(bytes, at)
  if (bytes[at + 2] !== 58 || end - at < 5) return Number.NaN
  const minutes = twoDigits(bytes, at + 3)
  at += 5
  let ms = 0
  let micros = 0
  if (at < end && bytes[at] === 58) {
    if (end - at < 3) return Number.NaN
    const seconds = twoDigits(bytes, at + 1)
    if (!(seconds < 60)) return Number.NaN
    ms = seconds * 1000
    at += 3
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      let unit = 100
      const first = ++at
      for (; at < end && isDigit(bytes[at]); at++) {
        const digit = (bytes[at] ?? 48) - 48
        if (unit >= 1) ms += unit * digit
        else if (at - first < 6) micros = micros * 10 + digit
        else if (digit !== 0) return Number.NaN
        unit /= 10
      }
      if (at === first) return Number.NaN
      for (let digits = at - first; digits > 3 && digits < 6; digits++) micros *= 10
    }
  }
  if (!(minutes < 60) || !(hours < 24 || (hours === 24 && minutes === 0 && ms === 0 && micros === 0))) return Number.NaN
  return hours * 3_600_000 + minutes * 60_000 + ms - offsetOf(bytes, at, end) + micros / 1000
}

/** Reads `Z`, `±HH`, `±HHMM`, `±HH:MM` or nothing, in milliseconds. */
function offsetOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === 32) at++
  if (at === end) return 0
  const sign = bytes[at]
  if (sign === 90 || sign === 122) return at + 1 === end ? 0 : Number.NaN
  if (sign !== 43 && sign !== 45) return Number.NaN
  const hours = twoDigits(bytes, at + 1)
  let minutes = 0
  if (end - at === 6 && bytes[at + 3] === 58) minutes = twoDigits(bytes, at + 4)
  else if (end - at === 5) minutes = twoDigits(bytes, at + 3)
  else if (end - at !== 3) return Number.NaN
  if (!(hours < 24 && minutes < 60)) return Number.NaN
  return (sign === 45 ? -1 : 1) * (hours * 3_600_000 + minutes * 60_000)
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - 48
  const ones = (bytes[at + 1] ?? 0) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}
