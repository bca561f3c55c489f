import type { Dialect } from "../dialect/dialect.ts"

/** A field of this length or more may contain so many quotes that a list of them would take more memory than the text. */
const longField = 4096

/** Undoes doubled quotes, and escapes of characters that need one. Other escapes stay, as in `\N`. */
export function unescapeField(value: string, dialect: Dialect): string {
  const { quote, escape: escaping, delimiter } = dialect
  if (escaping === undefined) {
    if (quote === undefined || !value.includes(quote)) return value
    return value.length > longField ? undoubled(value, quote.charCodeAt(0)) : value.replaceAll(quote + quote, quote)
  }
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

function undoubled(value: string, quote: number): string {
  const bytes = Buffer.from(value, "latin1")
  let to = 0
  for (let from = 0; from < bytes.length; from++) {
    const byte = bytes[from] as number
    bytes[to++] = byte
    if (byte === quote && bytes[from + 1] === quote) from++
  }
  return bytes.toString("latin1", 0, to)
}
