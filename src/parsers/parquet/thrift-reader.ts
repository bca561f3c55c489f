import { ParquetFault } from "./parquet-fault.ts"

const maxDepth = 64

/** Types of fields in Thrift's compact protocol. */
const [truth, untruth, byte, i16, i32, i64, double, binary, list, struct] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12]

/**
 * Reads structs in Thrift's compact protocol, a field at a time, and passes over those that nobody asks for: nothing is made of what a file holds
 * beside the few fields that are needed, however long its lists and however deep its structs are.
 */
export class ThriftReader {
  at: number
  readonly #bytes: Buffer
  #depth = 0

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
  }

  /** Whether it went past the end of the bytes; more may follow. What it read since is then nothing. */
  get isBeyond(): boolean {
    return this.at > this.#bytes.length
  }

  /** Calls back for each field of a struct, with its number and type. A field that the call does not read is passed over. */
  struct(visit: (field: number, type: number) => void): void {
    if (++this.#depth > maxDepth) throw new ParquetFault(`its description is nested deeper than ${maxDepth} structs`)
    for (let id = 0; ; ) {
      if (this.at >= this.#bytes.length) {
        this.at = this.#bytes.length + 1
        break
      }
      const field = this.#byte()
      if ((field & 15) === 0) break
      // Zigzag, as all numbers of fields are; they are never negative.
      id = field >> 4 === 0 ? this.#varint() / 2 : id + (field >> 4)
      const before = this.at
      visit(id, field & 15)
      // Truths take no bytes of their own.
      if (this.at === before) this.#skip(field & 15, false)
    }
    this.#depth--
  }

  /** Calls back for each element of a list, which has to be read by it. */
  list(type: number, visit: (index: number, length: number) => void): void {
    this.#expect(type, list, "a list")
    const { length, element } = this.#listHead()
    if (element !== struct && element !== binary && length > 0) throw new ParquetFault("its description has a list of something else")
    for (let i = 0; i < length && !this.isBeyond; i++) visit(i, length)
  }

  number(type: number): number {
    if (type !== i16 && type !== i32 && type !== i64) throw otherType("a number", type)
    const value = this.#varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  byte(): number {
    return this.#byte()
  }

  text(type: number = binary): string {
    this.#expect(type, binary, "a text")
    const length = this.#varint()
    const start = this.at
    this.at += length
    return this.isBeyond ? "" : this.#bytes.toString("utf8", start, this.at)
  }

  /** Of a field that is true or false. */
  truth(type: number): boolean {
    if (type !== truth && type !== untruth) throw otherType("a truth", type)
    return type === truth
  }

  /** Passes over a struct. */
  skipStruct(): void {
    this.#skip(struct, true)
  }

  #skip(type: number, inList: boolean): void {
    switch (type) {
      case truth:
      case untruth:
        if (inList) this.at++
        return
      case byte:
        this.at++
        return
      case i16:
      case i32:
      case i64:
        this.#varint()
        return
      case double:
        this.at += 8
        return
      case binary: {
        const length = this.#varint()
        this.at += length
        return
      }
      case list: {
        const { length, element } = this.#listHead()
        this.#deeper(() => {
          for (let i = 0; i < length && !this.isBeyond; i++) this.#skip(element, true)
        })
        return
      }
      case struct:
        this.struct(() => {})
        return
      default:
        throw new ParquetFault(`its description holds a field of the unknown type ${type}`)
    }
  }

  #deeper(read: () => void): void {
    if (++this.#depth > maxDepth) throw new ParquetFault(`its description is nested deeper than ${maxDepth} structs`)
    read()
    this.#depth--
  }

  #listHead(): { readonly length: number; readonly element: number } {
    const head = this.#byte()
    const length = head >> 4 === 15 ? this.#varint() : head >> 4
    // Every element takes a byte at least, so a longer list ends beyond the bytes at once.
    if (length > this.#bytes.length - this.at) this.at = this.#bytes.length + 1
    return { length, element: head & 15 }
  }

  #expect(type: number, wanted: number, what: string): void {
    if (type !== wanted) throw otherType(what, type)
  }

  #byte(): number {
    return this.#bytes[this.at++] ?? 0
  }

  #varint(): number {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const next = this.#byte()
      value += (next & 127) * 2 ** (7 * i)
      if (next < 128) return value
    }
    throw new ParquetFault("its description holds an integer of more than ten bytes")
  }
}

function otherType(what: string, type: number): ParquetFault {
  return new ParquetFault(`its description has a field of the type ${type} where ${what} belongs`)
}
