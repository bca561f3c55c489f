import type { NullTexts } from "../kernel/blank-cells.ts"
import { ByteSet } from "../kernel/byte-set.ts"

/** The listed texts, compared as written but for white space around them. */
export function nullTexts(texts: readonly string[]): NullTexts | undefined {
  const trimmed = texts.map((text) => text.trim()).filter((text) => text !== "")
  if (trimmed.length === 0) return undefined
  const bytes = new ByteSet(trimmed)
  const strings = new Set(trimmed)
  return {
    has(buffer, from, to) {
      let start = from
      let end = to
      while (start < end && (buffer[start] ?? 0) <= 32) start++
      while (end > start && (buffer[end - 1] ?? 0) <= 32) end--
      return bytes.indexOf(buffer, start, end) >= 0
    },
    hasText: (text) => strings.has(text.trim()),
  }
}
