import { brotliDecompressSync, crc32 } from "node:zlib"

/*
 * A reader of part files that is written from docs/part-files.md alone. It imports nothing of the library, so that it notices if the page and the
 * library disagree.
 */

type Json = null | boolean | number | string | readonly Json[] | { [key: string]: Json }
type Whole = ["same" | "u8" | "u16" | "u32", number]
type Numbers = ["doubles", number] | ["ints" | "steps", Whole, { base: number; unit: number; per: number; nan?: boolean; first?: number }]

interface Shape {
  readonly names?: string[]
  readonly columns: number[]
}

interface Column {
  readonly kind: "missing" | "bytes" | "dictionary" | "number" | "date" | "boolean" | "value"
  readonly nulls: string | number
  readonly ranges: number
  readonly codes: number
  readonly texts: number
  readonly numbers: number
  readonly flags: number
  readonly values: Json[]
}

interface Head {
  readonly rows: number
  readonly table: Json & { readonly header: string[] }
  readonly bytes: [number, number][]
  readonly ranges: { bytes: number; gaps: Whole; lengths: Whole; after?: number }[]
  readonly codes: Whole[]
  readonly texts: string[][]
  readonly numbers: Numbers[]
  readonly flags: Whole[]
  readonly columns: Column[]
  readonly raw: Shape
  readonly own?: Shape
  readonly origins: {
    readonly files: object[]
    readonly file: Whole
    readonly row: Numbers
    readonly line?: Numbers
    readonly offset?: Numbers
    readonly addresses?: string | (string | null)[]
  }
  readonly selection: string | number
  readonly filtered: string | number
  readonly issues: Json[]
  readonly found: [number, number][]
  readonly quality?: Numbers
}

/** A batch as the page describes it. */
export interface PageBatch {
  readonly firstRow: number
  readonly tableNumber: number
  readonly table: Json
  readonly raw: PageShape
  readonly own: PageShape
  readonly origins: readonly Json[]
  readonly selection: readonly number[]
  readonly filtered: readonly number[]
  readonly issues: readonly (readonly [number, Json])[]
  readonly quality: readonly number[] | undefined
}

/** Names, and the values of each column as text, so that they are easy to compare. */
export interface PageShape {
  readonly names: readonly string[]
  readonly columns: readonly (readonly string[])[]
}

/** All batches of a part file. Finds them through the index. */
export function readByPage(part: Buffer): PageBatch[] {
  if (part.toString("latin1", 0, 8) !== "RWGPART\x01" || part.toString("latin1", part.length - 8) !== "PARTEND\x01")
    throw new Error("magic")
  const at = Number(part.readBigUInt64LE(part.length - 16))
  const index = frame(part, at)
  return Array.from({ length: part.readUInt32LE(at + 4) }, (_, batch) => {
    const place = Number(index.readBigUInt64LE(batch * 24 + 8))
    if (frame(part, place).length === 0) throw new Error("empty frame")
    return readBatch(frame(part, place), Number(part.readBigUInt64LE(place + 8)), part.readUInt32LE(place + 16))
  })
}

function frame(part: Buffer, at: number): Buffer {
  const stored = part.subarray(at + 32, at + 32 + part.readUInt32LE(at + 20))
  if (crc32(Buffer.concat([part.subarray(at, at + 28), stored])) !== part.readUInt32LE(at + 28)) throw new Error("checksum")
  const content = brotliDecompressSync(stored)
  if (content.length !== part.readUInt32LE(at + 24)) throw new Error("length")
  return content
}

function readBatch(content: Buffer, firstRow: number, tableNumber: number): PageBatch {
  const headLength = content.readUInt32LE(0)
  const head: Head = JSON.parse(content.toString("utf8", 4, 4 + headLength))
  const arrays = content.subarray(Math.ceil((4 + headLength) / 8) * 8)
  const rows: number[] = Array.from({ length: head.rows }, (_, row) => row)

  const whole = ([kind, place]: Whole) =>
    rows.map((row) => {
      if (kind === "same") return place
      if (kind === "u8") return arrays.readUInt8(place + row)
      return kind === "u16" ? arrays.readUInt16LE(place + row * 2) : arrays.readUInt32LE(place + row * 4)
    })
  const numbers = (code: Numbers): number[] => {
    if (code[0] === "doubles") return rows.map((row) => arrays.readDoubleLE(code[1] + row * 8))
    const [kind, of, { base, unit, per, nan = false, first = 0 }] = code
    const values = whole(of)
    if (kind === "ints") return values.map((w) => (nan && w === 0 ? Number.NaN : ((base + w - (nan ? 1 : 0)) * unit) / per))
    let multiple = first
    return values.map((w) => {
      multiple += base + w
      return (multiple * unit) / per
    })
  }
  const mask = (code: string | number) =>
    rows.filter((row) => (typeof code === "number" ? ((arrays[code + (row >> 3)] as number) >> (row & 7)) & 1 : code === "all"))

  const ends: number[][] = []
  const texts: Buffer[][] = head.ranges.map(({ bytes, gaps, lengths, after }, index) => {
    const [place, length] = at(head.bytes, bytes)
    const buffer = arrays.subarray(place, place + length)
    const [gap, size] = [whole(gaps), whole(lengths)]
    ends[index] = []
    return rows.map((row) => {
      const from = after === undefined ? (row === 0 ? 0 : ends[index]?.[row - 1]) : ends[after]?.[row]
      const start = ((from as number) + (gap[row] as number)) % 2 ** 32
      const end = (start + (size[row] as number)) % 2 ** 32
      ;(ends[index] as number[])[row] = end
      return buffer.subarray(start, end)
    })
  })
  const columnTexts = (column: Column): string[] => {
    const nulls = column.kind === "missing" ? rows : mask(column.nulls)
    const values: () => unknown[] = {
      missing: () => [],
      bytes: () => (texts[column.ranges] as Buffer[]).map((text) => text.toString()),
      dictionary: () => whole(at(head.codes, column.codes)).map((code) => at(head.texts, column.texts)[code]),
      number: () => numbers(at(head.numbers, column.numbers)),
      date: () => numbers(at(head.numbers, column.numbers)).map((ms) => `date ${ms}`),
      boolean: () => whole(at(head.flags, column.flags)).map((flag) => flag === 1),
      value: () => column.values.map((value) => JSON.stringify(value)),
    }[column.kind]
    const all = values()
    return rows.map((row) => (nulls.includes(row) ? "null" : `${column.kind === "value" ? "value " : ""}${textOf(all[row])}`))
  }
  const shape = (code: Shape): PageShape => ({
    names: code.names ?? head.table.header,
    columns: code.columns.map((index) => columnTexts(at(head.columns, index))),
  })
  const { files, file, row, line, offset, addresses } = head.origins
  const [fileOf, rowOf, lineOf, offsetOf] = [whole(file), numbers(row), line && numbers(line), offset && numbers(offset)]
  const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? undefined : value)
  return {
    firstRow,
    tableNumber,
    table: head.table,
    raw: shape(head.raw),
    own: shape(head.own ?? head.raw),
    origins: rows.map((at) =>
      JSON.parse(
        JSON.stringify({
          ...files[fileOf[at] as number],
          row: rowOf[at],
          line: known(lineOf?.[at]),
          offset: known(offsetOf?.[at]),
          address: typeof addresses === "string" ? addresses + rowOf[at] : (addresses?.[at] ?? undefined),
        }),
      ),
    ),
    selection: mask(head.selection),
    filtered: mask(head.filtered),
    issues: head.found.map(([row, issue]) => [row, at(head.issues, issue)]),
    quality: head.quality && numbers(head.quality),
  }
}

/** A number or text, with the sign of a zero. */
export function textOf(value: unknown): string {
  return Object.is(value, -0) ? "-0" : String(value)
}

function at<V>(list: readonly V[], index: number): V {
  const value = list[index]
  if (value === undefined) throw new Error("index")
  return value
}
