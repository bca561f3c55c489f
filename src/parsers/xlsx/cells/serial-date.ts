import { dayMs } from "../../../cells/civil-date.ts"

/** Days from 1899-12-30, from where serials count once the day that never was has passed, to 1970-01-01. */
const daysTo1970 = 25_569
const daysBetweenSystems = 1462
/** 9999-12-31, the last day that Excel knows, and the first one that it does not. */
const pastLastDay = 2_958_466

/**
 * Milliseconds since 1970 UTC of a serial, to the millisecond; NaN where no day has it.
 *
 * In the 1900 system serial 60 is 29 February 1900, which never was: it has no instant, and serials below it count from a day later. Serials
 * below 0 show as "####" there and have none either; below 1 there is a time and no day.
 */
export function serialToMs(serial: number, date1904: boolean): number {
  if (date1904) return serial < 0 || serial >= pastLastDay - daysBetweenSystems ? Number.NaN : toMs(serial + daysBetweenSystems)
  if (serial < 1 || serial >= pastLastDay || (serial >= 60 && serial < 61)) return Number.NaN
  return toMs(serial < 60 ? serial + 1 : serial)
}

function toMs(days: number): number {
  return Math.round((days - daysTo1970) * dayMs)
}

/** Milliseconds since midnight of a serial from 0 to 1. */
export function serialToTime(serial: number): number {
  return Math.min(Math.round(serial * dayMs), dayMs - 1)
}
