import type { SourceFile } from "../../../contract/source.ts"
import { byteOrderMark, type DetectedEncoding, detectEncoding } from "../../encoding/detect-encoding.ts"
import { refuseNarrowText } from "../../encoding/refuse-narrow-text.ts"
import { refuseUtf32 } from "../../encoding/refuse-utf32.ts"
import { type ToUtf8, toUtf8 } from "../../encoding/to-utf8.ts"

/** An encoding that was declared, or that an earlier reading found. */
export type KnownEncoding = Omit<DetectedEncoding, "mark">

/** A file's text as UTF-8 without a byte order mark, chunk by chunk. Its first part can be inspected before reading. */
export class TextFeed {
  readonly encoding: DetectedEncoding
  /** Where the text begins in the file, after the byte order mark. Undefined if the file is not UTF-8, because positions then differ. */
  readonly offset: number | undefined
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #converter: ToUtf8 | undefined
  /** UTF-8 bytes that the caller has not read yet. */
  #ready: Uint8Array[] = []
  #final = false
  /** What follows the end that `pause` has set. */
  #behind: { readonly ready: Uint8Array[]; readonly final: boolean } | undefined

  private constructor(chunks: AsyncIterator<Uint8Array>, encoding: DetectedEncoding) {
    this.#chunks = chunks
    this.encoding = encoding
    this.#converter = toUtf8(encoding.encoding)
    this.offset = encoding.encoding === "utf-8" ? encoding.mark : undefined
  }

  /** Opens a file and reads `sampleBytes` bytes to detect its encoding, unless it is known. A byte order mark takes precedence. */
  static async open(file: SourceFile, sampleBytes: number, known: KnownEncoding | undefined): Promise<TextFeed> {
    const chunks = file.stream(undefined, { reuse: true })[Symbol.asyncIterator]()
    try {
      const head: Uint8Array[] = []
      let held = 0
      let final = false
      while (held < sampleBytes && !final) {
        const { value, done } = await chunks.next()
        if (done === true) final = true
        else {
          head.push(value.slice())
          held += value.length
        }
      }
      const sample = joined(head)
      const encoding = await encodingOf(sample.subarray(0, sampleBytes), final && held <= sampleBytes, known, file.uri)
      const feed = new TextFeed(chunks, encoding)
      feed.#push(sample.subarray(feed.encoding.mark))
      if (final) feed.#finish()
      return feed
    } catch (error) {
      await chunks.return?.()
      throw error
    }
  }

  /** Returns the next bytes without consuming them: as many as requested, or fewer if the text ends. Not allowed after `fill`. */
  async peek(bytes: number): Promise<{ readonly bytes: Uint8Array; readonly complete: boolean }> {
    while (this.#held() < bytes && !this.#final) await this.#read("keep")
    const all = joined(this.#ready)
    this.#ready = [all]
    return { bytes: all.subarray(0, bytes), complete: this.#final && all.length <= bytes }
  }

  /** Skips bytes that were returned by `peek`. */
  skip(bytes: number): void {
    let rest = bytes
    while (rest > 0) {
      const first = this.#ready[0]
      if (first === undefined) return
      if (first.length > rest) this.#ready[0] = first.subarray(rest)
      else this.#ready.shift()
      rest -= Math.min(rest, first.length)
    }
  }

  /** Ends the text after this many of the bytes that `peek` returned, until `resume` is called. */
  pause(bytes: number): void {
    const [first = new Uint8Array(), ...rest] = this.#ready
    this.#behind = { ready: [first.subarray(bytes), ...rest], final: this.#final }
    this.#ready = [first.subarray(0, bytes)]
    this.#final = true
  }

  /** Continues behind the place where the text was paused. */
  resume(): void {
    if (this.#behind === undefined) return
    this.#ready = this.#behind.ready
    this.#final = this.#behind.final
    this.#behind = undefined
  }

  /** How many bytes of text are left; undefined if the file was not read to its end. */
  get rest(): number | undefined {
    return this.#final ? this.#held() : undefined
  }

  /** Whether the text so far has control characters that no text has, so that its encoding may be another one. */
  get sawControl(): boolean {
    return this.#converter?.sawControl === true
  }

  /** Copies the next bytes into a buffer at `at`, at most `most`, and returns their number; 0 at the end of the text. */
  async fill(target: Uint8Array, at: number, most: number): Promise<number> {
    while (this.#ready.length === 0 && !this.#final) await this.#read("take")
    const first = this.#ready[0]
    if (first === undefined) return 0
    const count = Math.min(first.length, most)
    target.set(count === first.length ? first : first.subarray(0, count), at)
    this.skip(count)
    return count
  }

  async close(): Promise<void> {
    this.#ready = []
    await this.#chunks.return?.()
  }

  /** A chunk must be copied if it is needed after the next one arrives, because its source may reuse the memory. */
  async #read(what: "take" | "keep"): Promise<void> {
    const { value, done } = await this.#chunks.next()
    if (done === true) this.#finish()
    else this.#push(what === "keep" ? value.slice() : value)
  }

  #finish(): void {
    this.#final = true
    if (this.#converter !== undefined) this.#add(this.#converter.finish())
  }

  #push(chunk: Uint8Array): void {
    this.#add(this.#converter === undefined ? chunk : this.#converter.convert(chunk))
  }

  #add(text: Uint8Array): void {
    if (text.length > 0) this.#ready.push(text)
  }

  #held(): number {
    return this.#ready.reduce((sum, { length }) => sum + length, 0)
  }
}

async function encodingOf(sample: Uint8Array, complete: boolean, known: KnownEncoding | undefined, uri: string): Promise<DetectedEncoding> {
  refuseUtf32(sample, uri)
  if (byteOrderMark(sample) !== undefined || known === undefined) return await detectEncoding(sample, complete)
  refuseNarrowText(sample, known.encoding, uri)
  return { ...known, mark: 0 }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const only = parts[0]
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
}
