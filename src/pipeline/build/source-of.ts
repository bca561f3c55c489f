import type { Source } from "../../contract/source.ts"
import type { OptionKind, OptionSpec } from "../../options/option-kind.ts"
import { kind, limit, text } from "../../options/option-kinds.ts"
import { blob } from "../../sources/blob.ts"
import { type ByteStream, byteStream } from "../../sources/byte-stream.ts"
import { bytes } from "../../sources/bytes.ts"
import { file } from "../../sources/file.ts"

/**
 * What `from` accepts: a source, a path or `file:` URL, its bytes, a `Blob` or `File` of an upload, or a stream (a Node `Readable`, any
 * asynchronous iterable of chunks, a web `ReadableStream`). A stream can be read once, so it is held in memory while its file is loaded.
 */
export type SourceInput = Source | string | URL | Uint8Array | Blob | ByteStream

/** Options of `from`, for an input that is not a source. */
export interface FromOptions {
  /** What the file is called in reports and origins. Default: the path, the name of a `File`, else `"bytes"`, `"blob"` or `"stream"`. */
  readonly name?: string | undefined
  /** The most bytes of a stream. A longer one fails with `LIMIT_EXCEEDED`: write it to a file and pass the path. Default: 256 MiB. */
  readonly maxBytes?: number | undefined
}

/** What the options of `from` take. */
export const fromOptionSpec: OptionSpec<FromOptions> = { name: text(), maxBytes: limit() }

/** What `sourceOf` takes. */
export function inputKind(): OptionKind<SourceInput> {
  return kind("a source, a path, a file: URL, bytes, a Blob or a stream", (value) => {
    if (value instanceof URL) return value.protocol === "file:"
    if (typeof value === "string") return value !== ""
    if (typeof value !== "object" || value === null) return false
    if (value instanceof Uint8Array || value instanceof Blob) return true
    return ["files", "getReader", Symbol.asyncIterator].some((name) => typeof Reflect.get(value, name) === "function")
  })
}

/** Turns an input into a source. */
export function sourceOf(input: SourceInput, { name, maxBytes }: FromOptions = {}): Source {
  if (input instanceof Uint8Array) return bytes(input, { name })
  if (typeof input === "string" || input instanceof URL) return file(input, { name })
  if (input instanceof Blob) return blob(input, name)
  return "files" in input ? input : byteStream(input, { name, maxBytes })
}
