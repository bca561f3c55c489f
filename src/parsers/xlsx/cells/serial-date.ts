import { dayMs } from "../../../cells/civil-date.ts"

/** Serials from this one on count from 1899-12-30, and those below it from a day later. */
export const firstSharedSerial = 61
/** Days from 1899-12-30 to 1970-01-01. Serials from 61 on count from 1899-12-30. */
const daysTo1970 = 25_569
const daysBetweenSystems = 1462
/** The serial after 9999-12-31, which is the last day in Excel. */
const pastLastDay = 2_958_466

/**
 * Converts a serial to milliseconds since 1970 UTC. Returns NaN if the serial is not a day.
 *
 * In the 1900 system, serial 60 is 29 February 1900, a day that did not exist, so it has no instant; serials below 60 count from 1899-12-31.
 * Serials below 1 are times without a day, and Excel shows negative ones as "####".
 */
export function serialToMs(serial: number, date1904: boolean): number {
  if (date1904) return serial < 0 || serial >= pastLastDay - daysBetweenSystems ? Number.NaN : toMs(serial + daysBetweenSystems)
  if (serial < 1 || serial >= pastLastDay || (serial >= 60 && serial < firstSharedSerial)) return Number.NaN
  return toMs(serial < 60 ? serial + 1 : serial)
}

function toMs(days: number): number {
  return Math.round((days - daysTo1970) * dayMs)
}

/** Converts a serial from 0 to below 1 to milliseconds since midnight. */
export function serialToTime(serial: number): number {
  return Math.min(Math.round(serial * dayMs), dayMs - 1)
}

/** Days since 1899-12-30, with the time as a fraction. */
export function msToSerial(ms: number): number {
  return ms / dayMs + daysTo1970
}
