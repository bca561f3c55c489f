import { isAscii } from "node:buffer"
import { setImmediate as nextTurn } from "node:timers/promises"
import { countSequences, type DetectedEncoding, encodingOfMixed } from "./detect-encoding.ts"

/** The encoding is guessed from this many bytes of lines with non-ASCII characters. */
const guessedBy = 64 * 1024
/** So many occurrences of a byte say what it means. */
const enough = 100
/** A character of the widest encoding, which the end of a chunk may cut. */
const longestCharacter = 4
const lineFeed = 10

/** Detects the encoding of a whole text without a byte order mark. The memory of a chunk may be reused when the next one is requested. */
export async function encodingOfWhole(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<DetectedEncoding> {
  const evidence = new Evidence()
  /** The bytes after the last line feed. */
  let rest: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    signal.throwIfAborted()
    await nextTurn()
    const text = Buffer.concat([rest, chunk])
    // Only whole lines are counted, so that no character is cut. If a line does not end, all but its last bytes are.
    const end = text.lastIndexOf(lineFeed) + 1 || Math.max(0, text.length - longestCharacter)
    evidence.add(text.subarray(0, end))
    rest = text.subarray(end)
  }
  evidence.add(rest)
  return await evidence.encoding()
}

class Evidence {
  #valid = 0
  #invalid = 0
  readonly #lines: Uint8Array[] = []
  /** The number of each line that is held. */
  readonly #numbers: number[] = []
  #held = 0
  /** How often each byte occurred. */
  readonly #counts = new Uint32Array(256)
  #number = 1

  add(text: Uint8Array): void {
    if (isAscii(text)) {
      this.#number += lineFeeds(text)
      return
    }
    const { valid, invalid } = countSequences(text)
    this.#valid += valid
    this.#invalid += invalid
    for (let start = 0; start < text.length && this.#held < guessedBy; this.#number++) {
      const found = text.indexOf(lineFeed, start)
      const end = found < 0 ? text.length : found + 1
      const line = text.subarray(start, Math.min(end, start + guessedBy))
      start = end
      if (isAscii(line) || !this.#isNews(line)) continue
      this.#lines.push(line)
      this.#numbers.push(this.#number)
      this.#held += line.length
    }
  }

  /** Whether a line has a byte beyond ASCII that few lines had so far. The bytes that settle the encoding may be rare and come late. */
  #isNews(line: Uint8Array): boolean {
    let isNews = false
    for (const byte of line) {
      if (byte < 128) continue
      const count = this.#counts[byte] ?? 0
      this.#counts[byte] = count + 1
      isNews ||= count < enough
    }
    return isNews
  }

  async encoding(): Promise<DetectedEncoding> {
    const guess = await encodingOfMixed(this.#valid, this.#invalid, Buffer.concat(this.#lines))
    return { ...guess, others: (guess.others ?? []).map((other) => ({ ...other, line: this.#numbers[other.line - 1] ?? other.line })) }
  }
}

function lineFeeds(text: Uint8Array): number {
  let count = 0
  for (let at = text.indexOf(lineFeed); at >= 0; at = text.indexOf(lineFeed, at + 1)) count++
  return count
}
