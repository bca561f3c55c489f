import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import type { TableNotice } from "../../../model/table-facts.ts"
import { refuseUtf32 } from "../../encoding/refuse-utf32.ts"
import { refusedBinary } from "./binary-format.ts"
import { exchangeFormat } from "./exchange-format.ts"
import { jsonKind } from "./json-kind.ts"
import { markupKind } from "./markup-kind.ts"
import { refuse } from "./refused-format.ts"
import { textHead } from "./text-head.ts"
import { namesInHead, zipKind } from "./zip-kind.ts"

/** Formats that are read. `gzip` and `zip` hold a file, or files, of one of the others. */
export type Format = "xlsx" | "csv" | "json" | "ndjson" | "parquet" | "gzip" | "zip"

/** What a file is by its bytes. */
export interface Detected {
  readonly format: Format
  /** Says so where the name's extension promises something else. */
  readonly notices: readonly TableNotice[]
}

/** How much of a file `detect` wants to see. */
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
 * The format of a file from its first bytes: 64 KiB of them, or all of a shorter file. The name only serves to say where it disagrees, and
 * to settle text that could be csv or broken JSON. A zip file is `xlsx` or `zip` as far as the head tells.
 *
 * Fails with `SOURCE_EMPTY`, `FORMAT_UNSUPPORTED` and `FORMAT_ENCRYPTED` for formats that are known and not read, `FORMAT_UNKNOWN`, and
 * `ENCODING_INVALID` for text in UTF-32.
 */
export function detect(head: Uint8Array, name?: string): Detected {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const format = formatOfBytes(bytes, name)
  return { format, notices: noticesOf(format, name) }
}

/** What a name promises that its bytes do not keep. */
export function noticesOf(format: Format, name: string | undefined): TableNotice[] {
  const promised = promisedBy(name)
  const isJson = (each: Format) => each === "json" || each === "ndjson"
  if (promised === undefined || promised.format === format || (isJson(promised.format) && isJson(format))) return []
  const message = `The name ends in .${promised.extension}; the bytes are ${format} and are read as that.`
  return [{ code: "format.extension", message }]
}

function promisedBy(name: string | undefined): { readonly extension: string; readonly format: Format } | undefined {
  const extension = /\.([a-z0-9]+)$/i.exec(name ?? "")?.[1]?.toLowerCase() ?? ""
  const format = Object.hasOwn(formatOf, extension) ? formatOf[extension] : undefined
  return format === undefined ? undefined : { extension, format }
}

function formatOfBytes(head: Buffer, name: string | undefined): Format {
  if (head.length === 0)
    throw new RowgateError({
      code: "SOURCE_EMPTY",
      message: `${shownText(name ?? "The file")} is empty.`,
      remedy: "Check what was to write it.",
      origin: { uri: name },
    })
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip"
  const start = head.toString("latin1", 0, 5)
  if (/^PAR1([^ -~\t\r\n]|$)/.test(start)) return "parquet"
  // A zip may begin with the mark of one that was to be split and was not.
  if (/^PK(\x03\x04|\x05\x06|00P|\x07\x08P)/.test(start)) {
    const kind = zipKind(namesInHead(head))
    if (typeof kind === "object") throw refuse(kind, name)
    return kind
  }
  const refused = refusedBinary(head)
  if (refused !== undefined) throw refuse(refused, name)
  return textFormat(head, name)
}

function textFormat(head: Buffer, name: string | undefined): Format {
  refuseUtf32(head, name)
  const text = textHead(head)
  if (text === undefined)
    throw new RowgateError({
      code: "FORMAT_UNKNOWN",
      message: `${shownText(name ?? "The file")} is neither text nor a format that is known.`,
      remedy: "Give an xlsx, csv, json, ndjson or parquet file, or name the parser if it is one all the same.",
      origin: { uri: name },
    })
  const markup = markupKind(text) ?? exchangeFormat(text)
  if (markup !== undefined) throw refuse(markup, name)
  return jsonKind(text, head.length < headBytes, promisedBy(name?.replace(/\.gz$/i, ""))?.format ?? "") ?? "csv"
}
