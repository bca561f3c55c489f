import type { XmlWindow } from "../xml/xml-window.ts"
import type { TextArena } from "./text-arena.ts"

/**
 * Appends the text of a shared or inline string: all its runs except the phonetic ones, which only say how the text is pronounced.
 *
 * `from` is the index after the opening tag of the element `name`. Returns the index after the closing tag, or -1 if the window ends before it.
 */
export function readRichText(window: XmlWindow, from: number, name: string, arena: TextArena): number {
  const bytes = window.bytes
  let depth = 0
  /** Depth of the open phonetic run; 0 outside of one. */
  let phonetic = 0
  let at = from
  while (true) {
    const tag = window.nextTag(at)
    if (tag < 0) return -1
    const kind = bytes[tag + 1]
    if (kind === 33 || kind === 63) {
      at = window.skipMarkup(tag)
      if (at < 0) return -1
      continue
    }
    const end = window.tagEnd(tag)
    if (end < 0) return -1
    at = end + 1
    if (kind === 47) {
      if (depth === 0) {
        window.checkClosed(tag, name)
        return at
      }
      if (depth === phonetic) phonetic = 0
      depth--
      continue
    }
    const closed = bytes[end - 1] === 47
    const local = window.localName(tag + 1)
    if (phonetic === 0 && local >= 0 && window.isName(local, "t")) {
      if (!closed) at = readText(window, at, "t", arena)
      if (at < 0) return -1
      continue
    }
    if (phonetic === 0 && local >= 0 && window.isName(local, "strike") && isOn(window, tag, closed ? end - 1 : end)) arena.strike()
    if (!closed) {
      depth++
      window.checkDepth(depth)
      if (phonetic === 0 && local >= 0 && window.isName(local, "rPh")) phonetic = depth
    }
  }
}

/** Whether a property of a run is set: `<strike/>` or `<strike val="1"/>`. */
function isOn(window: XmlWindow, tag: number, end: number): boolean {
  for (const [name, value] of window.attributes(tag, end)) if (name === "val") return value !== "0" && value !== "false"
  return true
}

/** Appends text, including CDATA, up to the closing tag of the element `name`. Returns the index after that tag, or -1. */
export function readText(window: XmlWindow, from: number, name: string, arena: TextArena): number {
  const bytes = window.bytes
  let at = from
  while (true) {
    const tag = window.nextTag(at)
    if (tag < 0) return -1
    arena.append(bytes, at, tag)
    const kind = bytes[tag + 1]
    if (kind === 33 || kind === 63) {
      at = window.skipMarkup(tag)
      if (at < 0) return -1
      if (window.isCdata(tag)) arena.append(bytes, tag + 9, at - 3, true)
      continue
    }
    const end = window.tagEnd(tag)
    if (end < 0) return -1
    at = end + 1
    if (kind !== 47) continue
    window.checkClosed(tag, name)
    return at
  }
}
