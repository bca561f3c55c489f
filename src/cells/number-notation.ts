import { amountParts } from "./amount-parts.ts"

/** How numbers are written: the decimal sign, and the characters that may separate groups of digits. */
export interface NumberNotation {
  readonly decimal: string
  readonly groups: readonly string[]
  /** Groups have two digits, except the last one, which has three: `12,34,567`, as in India. Groups of three are accepted too. */
  readonly pairs?: boolean
  /** The minus sign, if it is not just the ASCII hyphen. */
  readonly minus?: string
  /** The currency that may stand before or after a number. */
  readonly currency?: string | undefined
  /** Whether `12.5 %` is read as 0.125. */
  readonly percent?: boolean | undefined
  /** Whether `(450.00)` and `450.00-` are negative. */
  readonly accounting?: boolean | undefined
}

/** Digits and a point without separators, as programs write them. */
export const standardNotation: NumberNotation = { decimal: ".", groups: [] }

/** The minus sign of mathematics, which word processors and web pages write. */
const minusSign = "\u2212"
/** What separates groups of digits as a blank: typesetters also use a thin one. */
export const groupBlanks: readonly string[] = [" ", "\u00a0", "\u202f", "\u2009"]
export const groupApostrophes: readonly string[] = ["'", "\u2019"]

/** How a BCP 47 locale writes numbers, from the data of the platform (CLDR). Throws a `RangeError` for an invalid tag. */
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

/** People type the space and the apostrophe of their keyboard rather than those of CLDR. */
function groupsLike(group: string | undefined): readonly string[] {
  if (group === undefined) return []
  return [groupBlanks, groupApostrophes].find((alike) => alike.includes(group)) ?? [group]
}

/**
 * The text with a decimal point and without group separators. Undefined if a separator is misplaced: after the decimal sign, or with a wrong
 * number of digits. A first group of zeros is refused too, because `0.123` is unlikely to be a German 123.
 */
export function toPlainNumber(text: string, format: NumberNotation): string | undefined {
  const typed = text.trim()
  const minus = [format.minus ?? minusSign, minusSign].find((sign) => typed.startsWith(sign))
  const plain = withoutGroups(minus === undefined ? typed : `-${typed.slice(minus.length)}`, format)
  const isAmount = format.currency !== undefined || format.percent === true || format.accounting === true
  return isAmount && (plain === undefined || !/^[-+]?[\d.]/.test(plain) || !/[\d.]$/.test(plain)) ? amount(typed, format) : plain
}

/** A percentage moves the point by an exponent, so that it stays exact. */
function amount(text: string, format: NumberNotation): string | undefined {
  const parts = amountParts(text)
  if (parts === undefined || (parts.currency !== undefined && parts.currency !== format.currency)) return undefined
  if ((parts.hasPercent && format.percent !== true) || (parts.isAccounting && format.accounting !== true)) return undefined
  const plain = withoutGroups(parts.digits, format)
  if (plain === undefined || (parts.hasPercent && !/^[\d.]+$/.test(plain))) return undefined
  return `${parts.isNegative ? "-" : ""}${plain}${parts.hasPercent ? "e-2" : ""}`
}

function withoutGroups(trimmed: string, format: NumberNotation): string | undefined {
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
