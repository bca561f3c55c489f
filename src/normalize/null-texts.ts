import type { NullTexts } from "../cells/blank-cells.ts"
import { ByteSet } from "../cells/byte-set.ts"
import { numberText } from "../cells/number-text.ts"
import { dropSpace, maySpace, skipSpace, spaceFirst } from "../cells/white-space.ts"

/** The listed texts, compared as written except for white space around them. */
export function nullTexts(texts: readonly string[]): NullTexts | undefined {
  const trimmed = texts.map((text) => text.trim()).filter((text) => text !== "")
  if (trimmed.length === 0) return undefined
  const bytes = new ByteSet(trimmed)
  const strings = new Set(trimmed)
  const first = spaceFirst.slice()
  for (const text of trimmed) first[Buffer.from(text)[0] ?? 0] = 1
  return {
    first,
    has(buffer, from, to) {
      const start = maySpace(buffer[from]) ? skipSpace(buffer, from, to) : from
      const end = maySpace(buffer[to - 1]) ? dropSpace(buffer, start, to) : to
      return bytes.indexOf(buffer, start, end) >= 0
    },
    hasText: (text) => strings.has(text.trim()),
    numbers: new Set(trimmed.map(Number).filter((number) => strings.has(numberText(number)))),
  }
}
