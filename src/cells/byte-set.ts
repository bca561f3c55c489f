/** A small set of texts, asked by byte range: which of them stands there, if any. */
export class ByteSet {
  readonly #byLength: (readonly { readonly bytes: Buffer; readonly index: number }[] | undefined)[] = []

  constructor(texts: readonly string[]) {
    texts.forEach((text, index) => {
      const bytes = Buffer.from(text)
      this.#byLength[bytes.length] = [...(this.#byLength[bytes.length] ?? []), { bytes, index }]
    })
  }

  /** The position of the text in the list that the set was made of; -1 where it is none of them. */
  indexOf(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    const candidates = this.#byLength[length]
    if (candidates === undefined) return -1
    next: for (const candidate of candidates) {
      for (let at = 0; at < length; at++) if (candidate.bytes[at] !== bytes[start + at]) continue next
      return candidate.index
    }
    return -1
  }
}
