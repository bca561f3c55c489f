import { isUtf8 } from "node:buffer"
import { utf16Order } from "../../encoding/utf16-order.ts"

/**
 * Decodes the head of a text file, or returns undefined if the bytes are not text.
 *
 * UTF-16 is recognised by its byte order mark or by the NULs of its ASCII characters. Other bytes are text, in UTF-8 or in a legacy encoding, if few of
 * them are control characters. Among random bytes one in ten is a control character.
 */
export function textHead(head: Buffer): string | undefined {
  if (head.length >= 4 && head.readUInt32LE(0) === 0x0000feff) return undefined
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString("utf16le", 2)
  if (head[0] === 0xfe && head[1] === 0xff) return swapped(head).toString("utf16le", 2)
  const wide = utf16Order(head)?.encoding
  if (wide !== undefined) return (wide === "utf-16le" ? head : swapped(head)).toString("utf16le")
  if (isBinary(head)) return undefined
  const text = isUtf8(head.subarray(0, wholeCharacters(head))) ? head.toString("utf8") : head.toString("latin1")
  return text.startsWith("\ufeff") ? text.slice(1) : text
}

function swapped(head: Buffer): Buffer {
  return Buffer.from(head.subarray(0, head.length & ~1)).swap16()
}

const control = /[\0-\x08\x0e-\x19\x7f]/

/**
 * Whether more than one byte in fifty is a control character that text does not contain. A tiny file is allowed one or two. If there are line
 * ends, the most frequent control character other than NUL does not count: it may be the delimiter, as in files that Hive writes.
 */
function isBinary(head: Buffer): boolean {
  // Most texts have none. A pattern finds that out ten times as fast as the loop below, which runs once and so is not compiled yet.
  if (!control.test(head.toString("latin1"))) return false
  const counts = new Uint32Array(128)
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 26) || byte === 0x7f) counts[byte] = (counts[byte] ?? 0) + 1
  const all = counts.reduce((sum, count) => sum + count, 0)
  const controls = head.includes(10) || head.includes(13) ? all - counts.subarray(1).reduce((most, count) => Math.max(most, count), 0) : all
  return controls * 50 > head.length && (controls >= 3 || controls * 4 >= head.length)
}

/** The length of the head without a UTF-8 character that its end cuts in two. */
function wholeCharacters(head: Buffer): number {
  let end = head.length
  for (let back = 1; back <= Math.min(3, head.length); back++) {
    if ((head[head.length - back] ?? 0) >= 0xc0) {
      end = head.length - back
      break
    }
    if ((head[head.length - back] ?? 0) < 0x80) break
  }
  return end
}
