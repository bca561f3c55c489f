/** The first byte of a range that is not white space, or the end of the range. White space is what `String.prototype.trim` removes, in UTF-8. */
export function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at] ?? 0
    const length = byte < 0x80 ? (isAsciiSpace(byte) ? 1 : 0) : wideSpace(bytes, at, end)
    if (length === 0) return at
    at += length
  }
  return end
}

/** The end of a range without its trailing white space. */
export function dropSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start) {
    const byte = bytes[at - 1] ?? 0
    if (byte < 0x80) {
      if (!isAsciiSpace(byte)) return at
      at--
    } else if (at - 2 >= start && wideSpace(bytes, at - 2, at) === 2) at -= 2
    else if (at - 3 >= start && wideSpace(bytes, at - 3, at) === 3) at -= 3
    else return at
  }
  return start
}

function isAsciiSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13)
}

/** The length of the white space character that begins with a byte above 0x7f; 0 if it is another character. */
function wideSpace(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]
  const second = bytes[at + 1] ?? 0
  if (first === 0xc2) return second === 0xa0 && at + 2 <= end ? 2 : 0
  if (at + 3 > end) return 0
  const third = bytes[at + 2] ?? 0
  if (first === 0xe2) {
    // U+2000 to U+200A, the separators U+2028 and U+2029, U+202F and U+205F.
    if (second === 0x80) return (third >= 0x80 && third <= 0x8a) || third === 0xa8 || third === 0xa9 || third === 0xaf ? 3 : 0
    return second === 0x81 && third === 0x9f ? 3 : 0
  }
  const isSpace =
    (first === 0xe1 && second === 0x9a && third === 0x80) ||
    (first === 0xe3 && second === 0x80 && third === 0x80) ||
    (first === 0xef && second === 0xbb && third === 0xbf)
  return isSpace ? 3 : 0
}

/** 1 for each byte that white space may begin with. */
export const spaceFirst: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  isAsciiSpace(byte) || [0xc2, 0xe1, 0xe2, 0xe3, 0xef].includes(byte) ? 1 : 0,
)

/** Whether a byte may begin or end white space. Most bytes do not, which saves a call. */
export function maySpace(byte: number | undefined): boolean {
  return byte === undefined || byte <= 32 || byte >= 0x80
}
