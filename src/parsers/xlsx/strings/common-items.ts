import { isUtf8 } from "node:buffer"
import { lastCharacter, readReference } from "../xml/text-escapes.ts"
import type { XmlWindow } from "../xml/xml-window.ts"
import { specialBytes, type TextArena } from "./text-arena.ts"

/** Includes "<", which ends a text. */
const special = specialBytes(60)

const preserve = Buffer.from(' xml:space="preserve">')

/**
 * The number of items that one call copies. V8 compiles a long-running loop again each time that it is entered, but compiles a function that
 * returns often only once.
 */
export const itemsAtATime = 256

/**
 * Copies shared strings of the form that nearly all programs write, `<si><t>text</t></si>`, into an arena, and their ends into `offsets` after
 * index `count`. The arena must have room for all bytes left in the window. It stops after `most` items or at the first item of another form.
 *
 * Returns the number of items copied, or -1 if their bytes are not valid UTF-8; then nothing was copied.
 */
export function copyCommonItems(
  window: XmlWindow,
  arena: TextArena,
  offsets: Uint32Array,
  count: number,
  most: number,
  textBytes: number,
): number {
  const bytes = window.bytes
  const target = arena.bytes
  const moved = (offsets[count] as number) - arena.length
  let at = window.at
  let to = arena.length
  let seen = 0
  let copied = 0
  while (copied < most) {
    if (bytes[at] !== 60 || bytes[at + 1] !== 115 || bytes[at + 2] !== 105 || bytes[at + 3] !== 62) break
    if (bytes[at + 4] !== 60 || bytes[at + 5] !== 116) break
    let from = at + 7
    if (bytes[at + 6] !== 62) {
      if (bytes[at + 6] !== 32 || preserve.compare(bytes, at + 6, at + 6 + preserve.length) !== 0) break
      from = at + 6 + preserve.length
    }
    const start = to
    let byte = bytes[from] as number
    for (; ; byte = bytes[from] as number) {
      const kind = special[byte] as number
      seen |= kind
      if (kind === 1) {
        if (byte === 38 && readReference(bytes, from, window.end) && lastCharacter.code > 0 && lastCharacter.code < 128) {
          target[to++] = lastCharacter.code
          from += lastCharacter.length
          continue
        }
        // An underscore may begin an escape. Zeros follow the last byte, so reading one byte ahead is safe.
        if (byte !== 95 || bytes[from + 1] === 120) break
      }
      target[to++] = byte
      from++
    }
    if (byte !== 60 || to - start > textBytes || !closesItem(bytes, from)) {
      to = start
      break
    }
    copied++
    offsets[count + copied] = moved + to
    at = from + 9
  }
  if ((seen & 2) !== 0 && !isUtf8(bytes.subarray(window.at, at))) return -1
  window.at = at
  arena.length = to
  return copied
}

/** Whether the bytes at an index are `</t></si>`. The "<" was already read. */
function closesItem(bytes: Buffer, at: number): boolean {
  if (bytes[at + 1] !== 47 || bytes[at + 2] !== 116 || bytes[at + 3] !== 62 || bytes[at + 4] !== 60 || bytes[at + 5] !== 47) return false
  return bytes[at + 6] === 115 && bytes[at + 7] === 105 && bytes[at + 8] === 62
}
