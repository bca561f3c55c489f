import { encodings } from "./format-names.ts"
import { ParquetFault } from "./parquet-fault.ts"
import { ThriftReader } from "./thrift-reader.ts"

/** The header of a page (parquet-format, parquet.thrift, PageHeader). */
export interface PageHeader {
  readonly kind: "data" | "data2" | "dictionary" | "other"
  /** Bytes of the page, compressed and uncompressed. */
  readonly packed: number
  readonly unpacked: number
  readonly crc: number | undefined
  /** Entries of the page, or of the dictionary. */
  readonly length: number
  readonly encoding: string
  /** The encoding of the levels in a page of version 1. */
  readonly levels: string
  /** Bytes of the levels in a page of version 2, which are not compressed. */
  readonly definitionBytes: number
  readonly repetitionBytes: number
  /** Whether the values of a page of version 2 are compressed. */
  readonly isPacked: boolean
}

/** Reads the header of a page and its length in bytes. Returns undefined if it is not complete. */
export function readPageHeader(bytes: Uint8Array): { readonly header: PageHeader; readonly length: number } | undefined {
  const thrift = new ThriftReader(bytes)
  const field = new Map<string, number>()
  let isPacked = true
  const inner = (kind: number) =>
    thrift.struct((id, type) => {
      if (kind === 8 && id === 7) isPacked = thrift.boolean(type)
      else if (id <= 6 && type === 5) field.set(`${kind}.${id}`, thrift.number(type))
    })
  thrift.struct((id, type) => {
    if (id <= 4) field.set(`${id}`, thrift.number(type))
    else if (type === 12 && (id === 5 || id === 7 || id === 8)) inner(id)
  })
  if (thrift.isBeyond) return undefined
  const kind = (["data", "other", "dictionary", "data2"] as const)[field.get("1") ?? 1] ?? "other"
  const form = kind === "data" ? 5 : kind === "dictionary" ? 7 : 8
  const encoding = field.get(`${form}.${kind === "data2" ? 4 : 2}`)
  const header: PageHeader = {
    kind,
    packed: count(field.get("3"), "packed bytes"),
    unpacked: count(field.get("2"), "unpacked bytes"),
    crc: field.get("4"),
    length: kind === "other" ? 0 : count(field.get(`${form}.1`), "values"),
    encoding: encodings[encoding ?? -1] ?? `number ${encoding}`,
    levels: encodings[field.get("5.3") ?? 3] ?? "",
    definitionBytes: kind === "data2" ? count(field.get("8.5") ?? 0, "bytes of levels") : 0,
    repetitionBytes: kind === "data2" ? count(field.get("8.6") ?? 0, "bytes of levels") : 0,
    isPacked,
  }
  return { header, length: thrift.at }
}

function count(value: number | undefined, of: string): number {
  if (value === undefined) throw new ParquetFault(`a page does not state its number of ${of}`)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new ParquetFault(`a page states ${value} as its number of ${of}`)
}
