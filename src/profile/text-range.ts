/** The first and the last of some texts, in the order of their bytes, which is that of their code points. */
export class TextRange {
  #first: Buffer | undefined
  #last: Buffer | undefined

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#first === undefined || compare(bytes, start, end, this.#first) < 0) this.#first = Buffer.from(bytes.subarray(start, end))
    if (this.#last === undefined || compare(bytes, start, end, this.#last) > 0) this.#last = Buffer.from(bytes.subarray(start, end))
  }

  merge(other: TextRange): void {
    for (const text of other.state()) this.#addText(text)
  }

  /** The first and the last text; nothing if there are none. */
  state(): readonly string[] {
    return this.#first === undefined || this.#last === undefined ? [] : [this.#first.toString(), this.#last.toString()]
  }

  static from(state: readonly string[]): TextRange {
    const range = new TextRange()
    for (const text of state) range.#addText(text)
    return range
  }

  #addText(text: string): void {
    const bytes = Buffer.from(text)
    this.add(bytes, 0, bytes.length)
  }
}

/** Compares here, since a call of native code costs more than the few bytes that decide nearly always. */
function compare(bytes: Uint8Array, start: number, end: number, other: Uint8Array): number {
  const common = Math.min(end - start, other.length)
  for (let at = 0; at < common; at++) {
    const difference = (bytes[start + at] as number) - (other[at] as number)
    if (difference !== 0) return difference
  }
  return end - start - other.length
}
