import { numberText } from "../../../cells/number-text.ts"

/** How a number format shows digits that a number alone does not have: leading zeros, trailing zeros of a fraction, or text between the digits. */
export interface NumberPattern {
  /** The least number of digits before the point, and after it. */
  readonly whole: number
  readonly fraction: number
  /** For a code such as `000-00-0000`: what precedes each of its digits, and what follows the last one. Undefined for an amount. */
  readonly template: readonly string[] | undefined
}

/** More digits than a number has are no pattern. */
const mostDigits = 30

/**
 * Parses a section of a number format. Undefined if the number alone tells what it shows, or if the format scales it, as percents do.
 *
 * A section with two or more leading zeros, or with text between its digits, shows a code; others show amounts. Currency signs and grouping of amounts
 * are left out, because they belong to the locale and not to the number.
 */
export function numberPattern(section: string): NumberPattern | undefined {
  const parts = [""]
  let zeros = 0
  let fraction = -1
  let groups = false
  for (let at = 0; at < section.length; at++) {
    const character = section[at] ?? ""
    if (character === "0" || character === "#" || character === "?") {
      if (fraction < 0) {
        if (character === "0" || zeros > 0) zeros++
        parts.push("")
      } else if (character === "0") fraction++
    } else if (character === "." && fraction < 0) fraction = 0
    else if (character === ",") {
      if (!/^,[#0?]/.test(section.slice(at, at + 2))) return undefined
      groups = true
    } else if (character === '"') {
      const end = section.indexOf('"', at + 1)
      if (end < 0) return undefined
      parts[parts.length - 1] += section.slice(at + 1, end)
      at = end
    } else if (character === "\\") parts[parts.length - 1] += section[++at] ?? ""
    else if (character === "_" || character === "*") at++
    else if (character === "[") {
      at = section.indexOf("]", at)
      if (at < 0) return undefined
    } else if (/[-+()$€£¥ /:]/.test(character)) parts[parts.length - 1] += character
    else return undefined
  }
  const digits = parts.length - 1
  if (digits === 0 || digits > mostDigits || fraction > mostDigits || (parts.some((part) => part.includes("/")) && fraction >= 0))
    return undefined
  const isSplit = parts.slice(1, -1).some((part) => part !== "")
  if (fraction < 0 && !groups && (zeros > 1 || isSplit)) return { whole: zeros, fraction: 0, template: parts }
  return fraction > 0 || zeros > 1 ? { whole: zeros, fraction: Math.max(0, fraction), template: undefined } : undefined
}

/** The text of a number under a pattern; undefined if the number alone tells it. Digits are added, and none is rounded away. */
export function shownNumber(value: number, { whole, fraction, template }: NumberPattern): string | undefined {
  const plain = numberText(Math.abs(value))
  const [digits = "", decimals = ""] = plain.split(".")
  if (template === undefined) {
    const padded = decimals.padEnd(fraction, "0")
    const text = digits.padStart(whole, "0") + (padded === "" ? "" : `.${padded}`)
    return text === plain ? undefined : value < 0 ? `-${text}` : text
  }
  if (value < 0 || decimals !== "") return undefined
  const places = template.length - 1
  const filled = digits.padStart(whole, "0")
  const first = places - filled.length
  // Digits beyond those of the pattern stand before its first one.
  let text = (template[0] ?? "") + (first < 0 ? filled.slice(0, -places) : "")
  for (let place = Math.max(0, first); place < places; place++) text += (place === 0 ? "" : (template[place] ?? "")) + filled[place - first]
  text += template[places] ?? ""
  return text === plain ? undefined : text
}
