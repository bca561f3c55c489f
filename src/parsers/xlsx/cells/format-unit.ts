import { amountParts } from "../../../cells/amount-parts.ts"

/** Signs that mean one currency and its code, so that formats of both are no mix. */
const codes: { readonly [sign: string]: string } = { "€": "EUR", $: "USD", US$: "USD", "£": "GBP" }

/**
 * The unit that a section of a number format shows: `%`, a currency, or text behind the digits such as `kg`. Undefined for none, and for a section that
 * shows thousands or millions, since only the size of a number decides about those.
 */
export function formatUnit(section: string): string | undefined {
  let [before, behind, hasDigits, isPercent] = ["", "", false, false]
  const literal = (text: string) => {
    if (hasDigits) behind += text
    else before += text
  }
  for (let at = 0; at < section.length; at++) {
    const character = section[at] ?? ""
    if (character === "0" || character === "#" || character === "?") hasDigits = true
    else if (/^general/i.test(section.slice(at, at + 7))) {
      hasDigits = true
      at += 6
    } else if (character === "%") isPercent = true
    else if (character === "@" || (character === "," && hasDigits && !/^,[#0?]/.test(section.slice(at, at + 2)))) return undefined
    else if (character === '"') {
      const end = section.indexOf('"', at + 1)
      literal(section.slice(at + 1, end < 0 ? undefined : end))
      if (end < 0) break
      at = end
    } else if (character === "\\") literal(section[++at] ?? "")
    else if (character === "_" || character === "*" || /^e[-+]/i.test(section.slice(at, at + 2))) at++
    else if (character === "[") {
      const end = section.indexOf("]", at)
      if (end < 0) break
      if (section[at + 1] === "$") literal(section.slice(at + 2, end).split("-", 1)[0] ?? "")
      at = end
    } else if (!".,".includes(character)) literal(character)
  }
  if (!hasDigits) return undefined
  if (isPercent) return "%"
  const [own, other] = [behind, before].map((text) => text.replace(/[()\s+-]/g, ""))
  const currency = [own, other].find((text) => text !== undefined && text !== "" && amountParts(`1 ${text}`)?.currency === text)
  if (currency !== undefined) return codes[currency] ?? currency
  return /[\p{L}°‰′″]/u.test(behind) ? behind.trim() : undefined
}
