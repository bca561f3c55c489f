import { dayMs } from "../../../cells/civil-date.ts"

/** Milliseconds of an ISO 8601 duration in days, hours, minutes and seconds: `P1DT2H`, `-PT1M30.5S`. NaN for other texts. */
export function parseIsoDuration(text: string): number {
  const found = /^(-)?P(?=\d|T\d)(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:[.,]\d{1,9})?)S)?)?$/.exec(text)
  if (found === null) return Number.NaN
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0"] = found
  const clockMs = (Number(hours) * 60 + Number(minutes)) * 60_000 + Math.round(Number(seconds.replace(",", ".")) * 1000)
  return (sign === undefined ? 1 : -1) * (Number(days) * dayMs + clockMs)
}
