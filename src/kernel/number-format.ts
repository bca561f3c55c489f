/** How numbers are written: the decimal sign, and the signs that may stand between groups of digits. */
export interface NumberFormat {
  readonly decimal: string
  readonly groups: readonly string[]
}

/** Digits and a point, nothing between them: what programs write. */
export const plainNumbers: NumberFormat = { decimal: ".", groups: [] }

const spaces = [" ", "\u00a0", "\u202f"]
const apostrophes = ["'", "\u2019"]

/** How a BCP 47 locale writes numbers, after the platform's own data (CLDR). Throws a `RangeError` for a tag that is none. */
export function numberFormatOf(locale: string): NumberFormat {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true, minimumFractionDigits: 1 }).formatToParts(-1234567.5)
  const decimal = parts.find((part) => part.type === "decimal")?.value ?? "."
  const group = parts.find((part) => part.type === "group")?.value
  if (group === undefined) return { decimal, groups: [] }
  // People type the space and the apostrophe of their keyboard, not the ones of CLDR.
  if (spaces.includes(group)) return { decimal, groups: spaces }
  return { decimal, groups: apostrophes.includes(group) ? apostrophes : [group] }
}

/**
 * The text with a point for the decimal sign and without group signs; undefined where groups stand where none may: after the decimal
 * sign, or with another number of digits than three (two or three before the last group, as in India).
 */
export function toPlainNumber(text: string, format: NumberFormat): string | undefined {
  const trimmed = text.trim()
  const [whole = "", fraction, more] = trimmed.split(format.decimal)
  if (more !== undefined) return undefined
  const separator = format.groups.find((group) => whole.includes(group))
  if (fraction !== undefined && format.groups.some((group) => fraction.includes(group))) return undefined
  if (separator === undefined) return fraction === undefined ? whole : `${whole}.${fraction}`
  const [first = "", ...rest] = whole.split(separator)
  const last = rest.at(-1) ?? ""
  const headDigits = first.replace(/^[-+]/, "")
  if (!/^\d{1,3}$/.test(headDigits) || !/^\d{3}$/.test(last)) return undefined
  const middle = rest.slice(0, -1)
  if (!middle.every((group) => /^\d{3}$/.test(group)) && !middle.every((group) => /^\d{2}$/.test(group))) return undefined
  const joined = first + rest.join("")
  return fraction === undefined ? joined : `${joined}.${fraction}`
}
