import { isUtf8 } from "node:buffer"
import { setImmediate as nextTurn } from "node:timers/promises"
import type { Utf8Text } from "./utf8-text.ts"

/** After this many bytes, other tasks get a turn. A source in memory delivers its chunks without a pause, and they may contain no row. */
const turnBytes = 1 << 20

/** The part of a stream that is being read, as one run of bytes that grows at its end. */
export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(0)
  /** How many bytes are filled. */
  end = 0
  /** True when no more bytes will come. */
  final = false
  /** The position of the window's first byte in the stream. */
  offset: number
  /** False if the file's text was converted from another encoding, so that positions in the stream are not positions in the file. */
  readonly isFile: boolean
  /** False once a byte is not UTF-8. Each record must then be checked separately. */
  clean = true
  #checked = 0
  /** The length of the last chunk. */
  #chunkBytes = 0
  #sinceTurn = 0
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #signal: AbortSignal

  constructor({ chunks, encoding, skipped }: Utf8Text, signal: AbortSignal) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.offset = skipped
    this.isFile = encoding === "utf-8"
    this.#signal = signal
  }

  /** Adds the next chunk. Returns false at the end of the stream, and throws if the run was aborted. */
  async grow(): Promise<boolean> {
    this.#signal.throwIfAborted()
    for (;;) {
      if (this.final) return false
      const { value, done } = await this.#chunks.next()
      if (done === true) {
        this.final = true
        this.#check(this.end)
        return false
      }
      if (value.length === 0) continue
      this.#chunkBytes = value.length
      this.#reserve(value.length)
      this.bytes.set(value, this.end)
      this.end += value.length
      this.#check(characterBoundary(this.bytes, this.end))
      this.#sinceTurn += value.length
      if (this.#sinceTurn >= turnBytes) {
        this.#sinceTurn = 0
        await nextTurn()
      }
      return true
    }
  }

  /**
   * Gives away the bytes before `from` and continues with the rest. The smaller part is copied, so that a batch of a few short rows does not
   * keep a whole window in memory.
   */
  release(from: number): Uint8Array {
    const rest = this.bytes.subarray(from, this.end)
    if (from < rest.length) {
      const released = this.bytes.slice(0, from)
      this.discard(from)
      return released
    }
    const released = this.bytes
    // Room for a batch of this size, or at least for the next chunk.
    const bytes = new Uint8Array(rest.length + Math.max(this.#chunkBytes, Math.min(from - rest.length, 4 << 20)))
    bytes.set(rest)
    this.#restart(bytes, from, rest.length)
    return released
  }

  /** Drops the bytes before `from`. Nothing may refer to them. */
  discard(from: number): void {
    if (from === 0) return
    this.bytes.copyWithin(0, from, this.end)
    this.#restart(this.bytes, from, this.end - from)
  }

  #restart(bytes: Uint8Array, from: number, end: number): void {
    this.bytes = bytes
    this.offset += from
    this.end = end
    this.#checked = Math.max(0, this.#checked - from)
  }

  #check(end: number): void {
    this.clean &&= isUtf8(this.bytes.subarray(this.#checked, end))
    this.#checked = end
  }

  #reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return
    const bytes = new Uint8Array(Math.max(this.end + more, this.bytes.length * 2))
    bytes.set(this.bytes.subarray(0, this.end))
    this.bytes = bytes
  }
}

/** The end of the last complete character, assuming UTF-8. A chunk may end inside a character. */
function characterBoundary(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= Math.min(3, end); back++) {
    const byte = bytes[end - back] ?? 0
    if (byte < 0x80) return end
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? end - back : end
  }
  return end
}
