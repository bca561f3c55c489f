import { RowgateError } from "../../../errors/rowgate-error.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { refuseUtf32 } from "../../encoding/refuse-utf32.ts"
import { refusedBinary } from "./binary-format.ts"
import { exchangeFormat } from "./exchange-format.ts"
import { fileSubject } from "./file-subject.ts"
import { jsonKind } from "./json-kind.ts"
import { lockFile } from "./lock-file.ts"
import { markupKind } from "./markup-kind.ts"
import { refuse } from "./refused-format.ts"
import { textHead } from "./text-head.ts"
import { namesInHead, zipKind } from "./zip-kind.ts"

/** Formats that rowgate reads. A `gzip` file holds one file of another format, a `zip` file one or more. */
export type Format = "xlsx" | "csv" | "json" | "ndjson" | "parquet" | "gzip" | "zip"

/** The format of a file, as its bytes show it. */
export interface Detected {
  readonly format: Format
  /** A notice if the extension of the name belongs to another format. */
  readonly notices: readonly TableNotice[]
}

/** The bytes that `detect` needs from the beginning of a file. */
export const headBytes = 64 * 1024

const formatOf: { readonly [extension: string]: Format } = {
  csv: "csv",
  tsv: "csv",
  tab: "csv",
  psv: "csv",
  json: "json",
  geojson: "json",
  ndjson: "ndjson",
  jsonl: "ndjson",
  ldjson: "ndjson",
  xlsx: "xlsx",
  xlsm: "xlsx",
  xltx: "xlsx",
  xltm: "xlsx",
  xls: "xlsx",
  xlsb: "xlsx",
  ods: "xlsx",
  parquet: "parquet",
  pq: "parquet",
  gz: "gzip",
  gzip: "gzip",
  zip: "zip",
}

/**
 * Detects the format of a file. Pass its first 64 KiB, or all of a shorter file. The name decides only between csv and broken JSON; if its
 * extension belongs to another format, you get a notice. Whether a zip file is a workbook (`xlsx`) or a `zip` depends on the names of the
 * entries in the head.
 *
 * Throws `SOURCE_EMPTY` for no bytes, `FORMAT_UNSUPPORTED` and `FORMAT_ENCRYPTED` for known formats that rowgate cannot read, `FORMAT_UNKNOWN`
 * for other bytes, and `ENCODING_INVALID` for text in UTF-32.
 */
export function detect(head: Uint8Array, name?: string): Detected {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const format = formatOfBytes(bytes, name)
  return { format, notices: noticesOf(format, name) }
}

/** A notice if the extension of the name belongs to another format. */
export function noticesOf(format: Format, name: string | undefined): TableNotice[] {
  const named = namedFormat(name)
  const isJson = (each: Format) => each === "json" || each === "ndjson"
  if (named === undefined || named.format === format || (isJson(named.format) && isJson(format))) return []
  const message = `The file's name ends in .${named.extension}, but its content is ${format}; it is read as ${format}.`
  return [{ code: "format.extension", message }]
}

/** The format that the extension of a name belongs to. */
function namedFormat(name: string | undefined): { readonly extension: string; readonly format: Format } | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(name ?? "")?.[1]?.toLowerCase() ?? ""
  const format = Object.hasOwn(formatOf, extension) ? formatOf[extension] : undefined
  return format === undefined ? undefined : { extension, format }
}

function formatOfBytes(head: Buffer, name: string | undefined): Format {
  if (head.length === 0)
    throw new RowgateError({
      code: "SOURCE_EMPTY",
      message: `${fileSubject(name)} is empty.`,
      remedy: "Check the program that writes the file.",
      origin: { uri: name },
    })
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip"
  const start = head.toString("latin1", 0, 5)
  if (/^PAR1([^ -~\t\r\n]|$)/.test(start)) return "parquet"
  // Some zips begin with the marker of a split archive although they are not split.
  if (/^PK(\x03\x04|\x05\x06|00P|\x07\x08P)/.test(start)) {
    const kind = zipKind(namesInHead(head))
    if (typeof kind === "object") throw refuse(kind, name)
    return kind
  }
  const refused = lockFile(name) ?? refusedBinary(head)
  if (refused !== undefined) throw refuse(refused, name)
  return textFormat(head, name)
}

function textFormat(head: Buffer, name: string | undefined): Format {
  refuseUtf32(head, name)
  const text = textHead(head)
  if (text === undefined)
    throw new RowgateError({
      code: "FORMAT_UNKNOWN",
      message: `${fileSubject(name)} is neither text nor in a known format.`,
      remedy: "Provide an xlsx, csv, json, ndjson or parquet file, or choose the parser yourself.",
      origin: { uri: name },
    })
  const markup = markupKind(text) ?? exchangeFormat(text)
  if (markup !== undefined) throw refuse(markup, name)
  return jsonKind(text, head.length < headBytes, namedFormat(name?.replace(/\.gz$/i, ""))?.format ?? "") ?? "csv"
}
