import { dayMs } from "../../../cells/civil-date.ts"
import { parseIsoDate } from "../../../cells/parse-iso-date.ts"
import { dateCell, durationCell, timeCell } from "./cell-kind.ts"
import { parseClock } from "./parse-clock.ts"
import { parseIsoDuration } from "./parse-iso-duration.ts"

/** A date, time or duration: its kind, and its value as `CellBlock` holds it. */
export interface IsoCell {
  readonly kind: number
  readonly ms: number
}

/**
 * Reads a date, a date with a time, a time or a duration in ISO 8601. Undefined for other texts.
 *
 * Fractions of a second are rounded to milliseconds, as serials are: Excel writes 16:00:00 as `15:59:59.99999979`.
 */
export function readIsoCell(text: string): IsoCell | undefined {
  const { whole, ms: fraction } = withoutFraction(text)
  const bytes = Buffer.from(/^\d{4}-\d{2}-\d{2}Z$/.test(whole) ? whole.slice(0, -1) : whole)
  const date = parseIsoDate(bytes, 0, bytes.length)
  if (!Number.isNaN(date)) return { kind: dateCell, ms: date + fraction }
  const time = parseClock(whole)
  if (!Number.isNaN(time)) return { kind: timeCell, ms: Math.min(time + fraction, dayMs - 1) }
  const duration = parseIsoDuration(text)
  return Number.isNaN(duration) ? undefined : { kind: durationCell, ms: duration }
}

/** Takes the fraction of a second out of a text such as `12:30:00.5+02:00`. */
function withoutFraction(text: string): { readonly whole: string; readonly ms: number } {
  let point = text.indexOf(":", text.indexOf(":") + 1)
  while (point >= 0 && point < text.length && text[point] !== "." && text[point] !== ",") point++
  let end = point + 1
  while (isDigit(text.charCodeAt(end))) end++
  if (point < 0 || end === point + 1) return { whole: text, ms: 0 }
  return { whole: text.slice(0, point) + text.slice(end), ms: Math.round(Number(`0.${text.slice(point + 1, end)}`) * 1000) }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
