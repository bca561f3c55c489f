/** How numbers are written: the decimal sign, and the signs that may stand between groups of digits. */
export interface NumberNotation {
  readonly decimal: string
  readonly groups: readonly string[]
  /** Groups of two digits before the last one, which has three: `12,34,567`, as in India. Groups of three will do there too. */
  readonly pairs?: boolean
  /** The sign of a negative number, where it is not the hyphen of keyboards alone. */
  readonly minus?: string
}

/** Digits and a point, nothing between them: what programs write. */
export const standardNotation: NumberNotation = { decimal: ".", groups: [] }

const spaces = [" ", "\u00a0", "\u202f"]
const apostrophes = ["'", "\u2019"]

/** How a BCP 47 locale writes numbers, after the platform's own data (CLDR). Throws a `RangeError` for a tag that is none. */
export function numberNotationOf(locale: string): NumberNotation {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true, minimumFractionDigits: 1 }).formatToParts(-1234567.5)
  const partOf = (type: Intl.NumberFormatPartTypes) => parts.find((part) => part.type === type)?.value
  const digits = parts.filter((part) => part.type === "integer").map((part) => part.value.length)
  return {
    decimal: partOf("decimal") ?? ".",
    groups: groupsLike(partOf("group")),
    pairs: digits[1] === 2,
    minus: partOf("minusSign") ?? "-",
  }
}

/** People type the space and the apostrophe of their keyboard, not the ones of CLDR. */
function groupsLike(group: string | undefined): readonly string[] {
  if (group === undefined) return []
  return [spaces, apostrophes].find((alike) => alike.includes(group)) ?? [group]
}

/**
 * The text with a point for the decimal sign and without group signs; undefined where groups stand where none may: after the decimal
 * sign, or with another number of digits than the format has. A first group of zeros is none either: `0.123` is hardly a German 123.
 */
export function toPlainNumber(text: string, format: NumberNotation): string | undefined {
  const typed = text.trim()
  const trimmed = format.minus !== undefined && typed.startsWith(format.minus) ? `-${typed.slice(format.minus.length)}` : typed
  const [whole = "", fraction, more] = trimmed.split(format.decimal, 3)
  if (more !== undefined) return undefined
  const separator = format.groups.find((group) => whole.includes(group))
  if (fraction !== undefined && format.groups.some((group) => fraction.includes(group))) return undefined
  if (separator === undefined) return fraction === undefined ? whole : `${whole}.${fraction}`
  const first = whole.slice(0, whole.indexOf(separator))
  const last = whole.slice(whole.lastIndexOf(separator) + separator.length)
  const head = first.replace(/^[-+]/, "")
  if (!/^[1-9]\d{0,2}$/.test(head) || !/^\d{3}$/.test(last)) return undefined
  const middle = whole.split(separator).slice(1, -1)
  const inPairs = format.pairs === true && head.length <= 2 && middle.every((group) => /^\d{2}$/.test(group))
  if (!inPairs && !middle.every((group) => /^\d{3}$/.test(group))) return undefined
  const joined = first + middle.join("") + last
  return fraction === undefined ? joined : `${joined}.${fraction}`
}
