import { isUtf8 } from "node:buffer"

/** How much of a text is looked at. */
const mostBytes = 4096
/** Of the units of a text, at least this share is ASCII: delimiters, digits and line ends. If the text would be UTF-8 too, it needs more. */
const leastAscii = 0.03
const leastAsciiOfUtf8 = 0.4
/** Letters of an alphabet, ASCII and punctuation have no more different high bytes. */
const mostBlocks = 4
/** At most this share is no character. */
const mostBad = 0.01

/** The UTF-16 in which bytes without a byte order mark are a text, and its share of ASCII; undefined if they are in none. */
export function utf16Order(bytes: Uint8Array): { readonly encoding: "utf-16le" | "utf-16be"; readonly ascii: number } | undefined {
  const head = bytes.subarray(0, Math.min(mostBytes, bytes.length & ~1))
  // Each ASCII character has a NUL, which no other text has.
  if (head.length < 4 || !head.includes(0)) return undefined
  const [little, big] = [asciiShare(head, 0), asciiShare(head, 1)]
  const ascii = Math.max(little, big)
  if (ascii < (isUtf8(head) && !isOneScript(head, little > big ? 1 : 0) ? leastAsciiOfUtf8 : leastAscii) || little === big) return undefined
  return { encoding: little > big ? "utf-16le" : "utf-16be", ascii }
}

/** Whether the high bytes, which stand at an offset, are those of a script with an alphabet. Those of Cyrillic are UTF-8 too. */
function isOneScript(bytes: Uint8Array, high: 0 | 1): boolean {
  const found = new Set<number>()
  for (let at = high; at < bytes.length; at += 2) found.add(bytes[at] as number)
  return found.size <= mostBlocks
}

/** The share of ASCII among the units of a text whose low bytes stand at an offset; 0 if it has too many that are no characters. */
function asciiShare(bytes: Uint8Array, low: 0 | 1): number {
  const units = bytes.length / 2
  let [ascii, bad] = [0, 0]
  for (let at = 0; at < bytes.length; at += 2) {
    const unit = unitAt(bytes, at, low)
    if (unit < 0x80) {
      if ((unit >= 32 && unit !== 0x7f) || unit === 9 || unit === 10 || unit === 13) ascii++
      else bad++
    } else if (unit >= 0xd800 && unit < 0xdc00) {
      const next = at + 2 < bytes.length ? unitAt(bytes, at + 2, low) : 0xdc00
      if (next >= 0xdc00 && next < 0xe000) at += 2
      else bad++
    } else if (unit < 0xa0 || (unit >= 0xdc00 && unit < 0xe000) || /[\p{Cn}\p{Co}]/u.test(String.fromCharCode(unit))) bad++
  }
  return bad > units * mostBad ? 0 : ascii / units
}

function unitAt(bytes: Uint8Array, at: number, low: 0 | 1): number {
  return (bytes[at + low] as number) | ((bytes[at + 1 - low] as number) << 8)
}
