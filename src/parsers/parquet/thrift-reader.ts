import { ParquetFault } from "./parquet-fault.ts"

const maxDepth = 64

/** Types of fields in Thrift's compact protocol. */
const [boolTrue, boolFalse, byte, i16, i32, i64, double, binary, list, struct] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12]

/**
 * Reads structs in Thrift's compact protocol field by field, and skips the fields that the caller does not read. Nothing is allocated for skipped
 * fields, however long their lists and however deep their structs are.
 */
export class ThriftReader {
  at: number
  readonly #bytes: Buffer
  #depth = 0

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
  }

  /** Whether reading went past the end of the bytes. Values read after that are meaningless. */
  get isBeyond(): boolean {
    return this.at > this.#bytes.length
  }

  /** Calls `visit` with the number and type of each field of a struct. A field that `visit` does not read is skipped. */
  struct(visit: (field: number, type: number) => void): void {
    if (++this.#depth > maxDepth) throw tooDeep()
    for (let id = 0; ; ) {
      if (this.at >= this.#bytes.length) {
        this.at = this.#bytes.length + 1
        break
      }
      const field = this.#byte()
      if ((field & 15) === 0) break
      // Field numbers are zigzag-encoded and never negative.
      id = field >> 4 === 0 ? this.#varint() / 2 : id + (field >> 4)
      const before = this.at
      visit(id, field & 15)
      // A boolean has no bytes: its value is in its type.
      if (this.at === before) this.#skip(field & 15, false)
    }
    this.#depth--
  }

  /** Calls `visit` for each element of a list. `visit` must read the element. */
  list(type: number, visit: (index: number, length: number) => void): void {
    this.#expect(type, list, "a list")
    const { length, element } = this.#listHead()
    if (element !== struct && element !== binary && length > 0) throw new ParquetFault("its metadata has a list of an unexpected type")
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

  /** The value of a boolean field, which is in its type. */
  boolean(type: number): boolean {
    if (type !== boolTrue && type !== boolFalse) throw otherType("a boolean", type)
    return type === boolTrue
  }

  #skip(type: number, inList: boolean): void {
    switch (type) {
      case boolTrue:
      case boolFalse:
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
        throw new ParquetFault(`its metadata has a field of the unknown type ${type}`)
    }
  }

  #deeper(read: () => void): void {
    if (++this.#depth > maxDepth) throw tooDeep()
    read()
    this.#depth--
  }

  #listHead(): { readonly length: number; readonly element: number } {
    const head = this.#byte()
    const length = head >> 4 === 15 ? this.#varint() : head >> 4
    // Every element takes at least one byte, so a longer list goes past the end.
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
    throw new ParquetFault("its metadata has an integer of more than ten bytes")
  }
}

function tooDeep(): ParquetFault {
  return new ParquetFault(`its metadata is nested deeper than ${maxDepth} structs`)
}

function otherType(what: string, type: number): ParquetFault {
  return new ParquetFault(`its metadata has a field of the type ${type} instead of ${what}`)
}
