import { hashText } from "../../sketch/hash-text.ts"
import { KeyHash } from "../../sketch/key-hash.ts"

const hash = new KeyHash()

/** The code of an empty cell. */
export const emptyCode = 0

/**
 * Gives each distinct text a code, from 1 in the order in which they come; the empty text has 0. Texts are compared by 64 bits of a hash of their bytes, so that a text
 * which occurs again is not decoded again: of 65,536 texts, two have the same bits with a probability of 1e-10.
 */
export class TextCodes {
  #values: string[] = [""]
  /** Two words of the hash of each code. */
  #hashes = new Int32Array(64)
  /** Codes by hash; zero marks an empty slot. */
  #slots = new Int32Array(64)

  get values(): readonly string[] {
    return this.#values
  }

  /** The code of the text in a range of bytes, which `decode` reads if it is new. */
  ofRange(view: DataView, start: number, end: number, decode: () => string): number {
    if (start === end) return emptyCode
    hashText(hash, view, start, end)
    const { a, b } = hash
    const mask = this.#slots.length - 1
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot] as number
      if (code === 0) return this.#add(a, b, decode())
      if (this.#hashes[2 * code] === a && this.#hashes[2 * code + 1] === b) return code
    }
  }

  ofText(text: string): number {
    if (text === "") return emptyCode
    const bytes = Buffer.from(text)
    return this.ofRange(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length, () => text)
  }

  /** Keeps only the texts with codes in `codes`, which it replaces by new ones. */
  keep(codes: Int32Array): void {
    const [values, hashes] = [this.#values, this.#hashes]
    const renamed = new Int32Array(values.length)
    this.#values = [""]
    this.#hashes = new Int32Array(64)
    this.#slots = new Int32Array(64)
    codes.forEach((code, row) => {
      if (code === emptyCode) return
      if (renamed[code] === 0) renamed[code] = this.#add(hashes[2 * code] as number, hashes[2 * code + 1] as number, values[code] as string)
      codes[row] = renamed[code] as number
    })
  }

  #add(a: number, b: number, text: string): number {
    const code = this.#values.length
    this.#values.push(text)
    if (2 * code + 1 >= this.#hashes.length) this.#grow()
    this.#hashes[2 * code] = a
    this.#hashes[2 * code + 1] = b
    this.#place(code)
    return code
  }

  /** At most half of the slots are filled. */
  #grow(): void {
    const hashes = new Int32Array(2 * this.#hashes.length)
    hashes.set(this.#hashes)
    this.#hashes = hashes
    this.#slots = new Int32Array(hashes.length)
    for (let code = 1; code < this.#values.length - 1; code++) this.#place(code)
  }

  #place(code: number): void {
    const mask = this.#slots.length - 1
    let slot = (this.#hashes[2 * code] as number) & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = code
  }
}
