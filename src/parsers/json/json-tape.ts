/** Kinds of tape entries. For an `opening` entry, `ends` is the tape index of its `closing` entry; for all others, the end of a byte range. */
export const objectOpening = 1
export const arrayOpening = 2
export const closing = 3
/** A string without escapes, either a key or a value. The range excludes the quotes. */
export const plainString = 4
export const escapedString = 5
export const plainNumber = 6
export const exponentNumber = 7
export const trueLiteral = 8
export const falseLiteral = 9
export const nullLiteral = 10

/** One JSON value as a flat list of tokens over its bytes. */
export class JsonTape {
  kinds = new Uint8Array(256)
  starts = new Uint32Array(256)
  ends = new Uint32Array(256)
  length = 0

  add(kind: number, start: number, end: number): void {
    const at = this.length++
    if (at === this.kinds.length) this.#grow()
    this.kinds[at] = kind
    this.starts[at] = start
    this.ends[at] = end
  }

  /** The tape index after the value that begins at `at`. */
  after(at: number): number {
    const kind = this.kinds[at]
    return (kind === objectOpening || kind === arrayOpening ? (this.ends[at] ?? at) : at) + 1
  }

  /** The bytes now begin `by` bytes later. */
  shift(by: number): void {
    for (let at = 0; at < this.length; at++) {
      this.starts[at] = (this.starts[at] ?? 0) - by
      const kind = this.kinds[at]
      // The ends of containers are tape indexes.
      if (kind !== objectOpening && kind !== arrayOpening) this.ends[at] = (this.ends[at] ?? 0) - by
    }
  }

  #grow(): void {
    const capacity = this.kinds.length * 2
    const kinds = new Uint8Array(capacity)
    const starts = new Uint32Array(capacity)
    const ends = new Uint32Array(capacity)
    kinds.set(this.kinds)
    starts.set(this.starts)
    ends.set(this.ends)
    this.kinds = kinds
    this.starts = starts
    this.ends = ends
  }
}
