import { ByteWriter } from "./byte-writer.ts"
import type { Unwritable } from "./value-text.ts"
import { writeText } from "./write-text.ts"

/**
 * The values of a dictionary in one of COPY's forms. Each one is written when a row first needs it, and kept, because many batches may share a
 * dictionary, such as the shared strings of a workbook.
 */
export class EncodedDictionary {
  readonly values: readonly string[]
  readonly #writer = new ByteWriter(1 << 12)
  #starts: Uint32Array
  #ends: Uint32Array
  #known: Uint8Array
  readonly #write: (text: string, writer: ByteWriter) => Unwritable | undefined
  readonly #problems = new Map<number, Unwritable>()

  /** `write` returns why a value cannot be written. */
  constructor(values: readonly string[], write: (text: string, writer: ByteWriter) => Unwritable | undefined = writeText) {
    this.values = values
    this.#write = write
    this.#starts = new Uint32Array(values.length)
    this.#ends = new Uint32Array(values.length)
    this.#known = new Uint8Array(values.length)
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#writer.bytes.buffer, this.#writer.bytes.byteOffset, this.#writer.length)
  }

  /** Writes a value if it is not written yet. Returns why it cannot be written. */
  write(code: number): Unwritable | undefined {
    if (this.#known[code] === 1) return this.#problems.size === 0 ? undefined : this.#problems.get(code)
    if (code >= this.#known.length) this.#grow()
    this.#starts[code] = this.#writer.length
    const problem = this.#write(this.values[code] ?? "", this.#writer)
    if (problem !== undefined) this.#problems.set(code, problem)
    this.#ends[code] = this.#writer.length
    this.#known[code] = 1
    return problem
  }

  start(code: number): number {
    return this.#starts[code] as number
  }

  end(code: number): number {
    return this.#ends[code] as number
  }

  /** The dictionary may grow while its file is being read. */
  #grow(): void {
    const grown = (old: Uint32Array) => {
      const array = new Uint32Array(this.values.length)
      array.set(old)
      return array
    }
    this.#starts = grown(this.#starts)
    this.#ends = grown(this.#ends)
    const known = new Uint8Array(this.values.length)
    known.set(this.#known)
    this.#known = known
  }
}
