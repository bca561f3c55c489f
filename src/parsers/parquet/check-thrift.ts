const maxDepth = 64

/** Is told what stands in the outermost struct, by the numbers of its fields; may throw. */
export interface ThriftListener {
  /** A list, before its elements. */
  list?(field: number, length: number): void
  /** A field of a struct that is an element of a list. */
  elementField?(list: number, field: number): void
}

/**
 * Walks a struct in Thrift's compact protocol and gives the offset behind it; undefined where it does not end within the bytes.
 *
 * It is walked before it is decoded, for the decoder believes what it reads: lists of any length, integers of any length, nesting of any
 * depth. Throws a plain error for what no writer writes.
 */
export function checkThrift(bytes: Uint8Array, start: number, listener: ThriftListener = {}): number | undefined {
  const walk = new ThriftWalk(bytes, start, listener)
  walk.struct(0)
  return walk.at > bytes.length ? undefined : walk.at
}

class ThriftWalk {
  at: number
  readonly #bytes: Uint8Array
  readonly #listener: ThriftListener
  /** Field of the outermost struct. */
  #field = 0

  constructor(bytes: Uint8Array, start: number, listener: ThriftListener) {
    this.#bytes = bytes
    this.#listener = listener
    this.at = start
  }

  /** Walking past the end only moves `at` there: more bytes may follow. */
  struct(depth: number, inList = false): void {
    if (depth > maxDepth) throw new Error("its description is nested too deep")
    let id = 0
    while (this.at < this.#bytes.length) {
      const field = this.#byte()
      if ((field & 15) === 0) return
      // Zigzag, as all numbers of fields are; they are never negative.
      id = field >> 4 === 0 ? this.#varint() / 2 : id + (field >> 4)
      if (depth === 0) this.#field = id
      else if (depth === 2 && inList) this.#listener.elementField?.(this.#field, id)
      this.#element(field & 15, depth, false)
    }
    this.at = this.#bytes.length + 1
  }

  #element(type: number, depth: number, inList: boolean): void {
    switch (type) {
      case 1:
      case 2:
        if (inList) this.at++
        return
      case 3:
        this.at++
        return
      case 4:
      case 5:
      case 6:
        this.#varint()
        return
      case 7:
        this.at += 8
        return
      case 8: {
        const length = this.#varint()
        this.at += length
        return
      }
      case 9:
        this.#list(depth)
        return
      case 12:
        this.struct(depth + 1, inList)
        return
      default:
        throw new Error(`its description holds a field of unknown type ${type}`)
    }
  }

  #list(depth: number): void {
    const head = this.#byte()
    const length = head >> 4 === 15 ? this.#varint() : head >> 4
    if (depth === 0) this.#listener.list?.(this.#field, length)
    // Every element takes a byte at least, so a longer list ends beyond the bytes at once.
    if (length > this.#bytes.length - this.at) this.at = this.#bytes.length + 1
    for (let i = 0; i < length && this.at <= this.#bytes.length; i++) this.#element(head & 15, depth + 1, true)
  }

  #byte(): number {
    return this.#bytes[this.at++] ?? 0
  }

  #varint(): number {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte()
      value += (byte & 127) * 2 ** (7 * i)
      if (byte < 128) return value
    }
    throw new Error("its description holds an integer of more than ten bytes")
  }
}
