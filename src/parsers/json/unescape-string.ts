/** The results of the last `unescapeString`. */
export const unescaped = { end: 0, loneSurrogate: false }

const backslash = 0x5c
/** What the letter after a backslash stands for, except `u`. */
const letters = new Uint8Array(128)
for (const [letter, byte] of Object.entries({ '"': 0x22, "\\": 0x5c, "/": 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 }))
  letters[letter.charCodeAt(0)] = byte

/**
 * Unescapes a scanned string in place, because UTF-8 is never longer than its escape. Stores the new end in `unescaped.end`. A lone surrogate
 * becomes U+FFFD.
 */
export function unescapeString(bytes: Uint8Array, start: number, end: number): void {
  unescaped.loneSurrogate = false
  let to = bytes.indexOf(backslash, start)
  for (let at = to; at < end; ) {
    const byte = bytes[at] ?? 0
    if (byte !== backslash) {
      bytes[to++] = byte
      at++
      continue
    }
    const letter = bytes[at + 1] ?? 0
    if (letter !== 0x75) {
      bytes[to++] = letters[letter] ?? 0
      at += 2
      continue
    }
    let point = hexUnit(bytes, at)
    at += 6
    if (point >= 0xd800 && point < 0xe000) {
      const low = point < 0xdc00 && at < end && bytes[at] === backslash && bytes[at + 1] === 0x75 ? hexUnit(bytes, at) : 0
      if (low >= 0xdc00 && low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + low - 0xdc00
        at += 6
      } else {
        point = 0xfffd
        unescaped.loneSurrogate = true
      }
    }
    to = writePoint(bytes, to, point)
  }
  unescaped.end = to
}

/** The code unit of the `\uXXXX` at `at`. */
function hexUnit(bytes: Uint8Array, at: number): number {
  let unit = 0
  for (let i = at + 2; i < at + 6; i++) {
    const byte = bytes[i] ?? 0
    unit = unit * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57)
  }
  return unit
}

function writePoint(bytes: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    bytes[at] = point
    return at + 1
  }
  if (point < 0x800) {
    bytes[at] = 0xc0 | (point >> 6)
    bytes[at + 1] = 0x80 | (point & 0x3f)
    return at + 2
  }
  if (point < 0x10000) {
    bytes[at] = 0xe0 | (point >> 12)
    bytes[at + 1] = 0x80 | ((point >> 6) & 0x3f)
    bytes[at + 2] = 0x80 | (point & 0x3f)
    return at + 3
  }
  bytes[at] = 0xf0 | (point >> 18)
  bytes[at + 1] = 0x80 | ((point >> 12) & 0x3f)
  bytes[at + 2] = 0x80 | ((point >> 6) & 0x3f)
  bytes[at + 3] = 0x80 | (point & 0x3f)
  return at + 4
}
