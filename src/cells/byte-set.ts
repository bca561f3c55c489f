/** A small set of texts that can be looked up by a range of bytes. */
export class ByteSet {
  readonly #byLength: (readonly { readonly bytes: Buffer; readonly index: number }[] | undefined)[] = []

  constructor(texts: readonly string[]) {
    texts.forEach((text, index) => {
      const bytes = Buffer.from(text)
      this.#byLength[bytes.length] = [...(this.#byLength[bytes.length] ?? []), { bytes, index }]
    })
  }

  /** The position of the text in the list that the set was made from; -1 if it is not in the set. */
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
