import type { ByteRanges, ShownNumbers } from "../column.ts"

/** The texts as byte ranges; the range of a row without one is empty. */
export function rangesOfShown(shown: ShownNumbers, length: number): ByteRanges {
  const starts = new Uint32Array(length)
  const ends = new Uint32Array(length)
  const parts: Buffer[] = []
  let end = 0
  for (let row = 0; row < length; row++) {
    starts[row] = end
    const text = shown.at(row)
    if (text !== undefined) {
      const part = Buffer.from(text)
      parts.push(part)
      end += part.length
    }
    ends[row] = end
  }
  return { bytes: Buffer.concat(parts, end), starts, ends }
}

/** The texts that byte ranges hold. */
export function shownOfRanges({ bytes, starts, ends }: ByteRanges): ShownNumbers {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return {
    at: (row) => {
      const [start = 0, end = 0] = [starts[row], ends[row]]
      return start === end ? undefined : buffer.toString("utf8", start, end)
    },
  }
}
