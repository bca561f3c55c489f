import type { TextFeed } from "../scan/text-feed.ts"

const lf = 10
const cr = 13
/** Bytes of lines that have no value: white space and the usual delimiters. */
const blank = new Set(Buffer.from(" \t\r\n,;|"))

/** Counts the lines of the rest of a text that are not blank. */
export async function countLines(feed: TextFeed): Promise<number> {
  const chunk = new Uint8Array(1 << 16)
  let lines = 0
  let filled = false
  for (let bytes = await feed.fill(chunk, 0, chunk.length); bytes > 0; bytes = await feed.fill(chunk, 0, chunk.length)) {
    for (const byte of chunk.subarray(0, bytes)) {
      if (byte === lf || byte === cr) filled = false
      else if (!filled && !blank.has(byte)) {
        filled = true
        lines++
      }
    }
  }
  return lines
}
