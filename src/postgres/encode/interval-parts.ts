/** The fields of an interval, from the coarsest to the finest. */
export const intervalFields = ["year", "month", "day", "hour", "minute", "second"] as const

export type IntervalField = (typeof intervalFields)[number]

/** A number of an interval and its field. */
export interface IntervalPart {
  readonly field: IntervalField
  /** As it is written, without its sign: `1.5`. */
  readonly digits: string
}

const token = /\d+|[a-z]+|[.,:]/g

/**
 * The numbers of an interval's text in the ways that PostgreSQL reads: `1 day 02:03:04`, `1.5 hours`, `P1DT2H`. Numbers without a unit are left out: the
 * type decides what they count.
 */
export function intervalParts(text: string): readonly IntervalPart[] {
  const tokens = text.toLowerCase().match(token) ?? []
  const isIso = tokens[0] === "p" || tokens[0] === "pt"
  const time = isIso ? tokens.findIndex((each) => each.endsWith("t")) : -1
  const parts: IntervalPart[] = []
  for (let at = 0; at < tokens.length; at++) {
    if (!isNumber(tokens[at])) continue
    const began = at
    if (isSign(tokens[at + 1]) && isNumber(tokens[at + 2])) at += 2
    const digits = tokens.slice(began, at + 1).join("")
    const field = tokens[at + 1] === ":" || tokens[began - 1] === ":" ? clockField(tokens, began) : fieldOf(tokens[at + 1], isIso, time, at)
    if (field !== undefined) parts.push({ field, digits })
  }
  return parts
}

function isNumber(token: string | undefined): boolean {
  return token !== undefined && token >= "0" && token < ":"
}

function isSign(token: string | undefined): boolean {
  return token === "." || token === ","
}

/** Which part of hours, minutes and seconds a number is, by the colons before it. */
function clockField(tokens: readonly string[], at: number): IntervalField {
  const before = tokens[at - 1] === ":" ? (tokens[at - 3] === ":" ? 2 : 1) : 0
  return before === 2 ? "second" : before === 1 ? "minute" : "hour"
}

function fieldOf(unit: string | undefined, isIso: boolean, time: number, at: number): IntervalField | undefined {
  if (unit === undefined) return undefined
  const known = isIso && (time < 0 || at < time) ? { ...units, m: "month" as const } : units
  const start = Object.keys(known).find((each) => unit.startsWith(each))
  return start === undefined ? undefined : known[start]
}

/** How units begin. The first one that fits wins. */
const units: { readonly [start: string]: IntervalField } = {
  y: "year",
  dec: "year",
  c: "year",
  mon: "month",
  w: "day",
  d: "day",
  ms: "second",
  mic: "second",
  us: "second",
  millis: "second",
  mil: "year",
  h: "hour",
  m: "minute",
  s: "second",
}
