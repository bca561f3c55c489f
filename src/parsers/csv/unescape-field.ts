import type { Dialect } from "./dialect.ts"

/** A field's value without doubled quotes, and without the escapes of characters that need one; other escapes stay, as in `\N`. */
export function unescapeField(value: string, dialect: Dialect): string {
  const { quote, escape: escaping, delimiter } = dialect
  if (escaping === undefined) return quote === undefined || !value.includes(quote) ? value : value.replaceAll(quote + quote, quote)
  const needsEscape = `${quote ?? ""}${escaping}${delimiter?.charAt(0) ?? ""}\r\n`
  let plain = ""
  let kept = 0
  for (let at = 0; at + 1 < value.length; at++) {
    const character = value.charAt(at)
    if (character !== escaping && character !== quote) continue
    const following = value.charAt(at + 1)
    const undone = character === escaping ? needsEscape.includes(following) : following === quote
    if (!undone) continue
    plain += value.slice(kept, at)
    kept = ++at
  }
  return plain + value.slice(kept)
}
