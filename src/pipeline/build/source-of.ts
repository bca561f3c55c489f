import type { Source } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { blob } from "../../sources/blob.ts"
import { type ByteStream, byteStream } from "../../sources/byte-stream.ts"
import { bytes } from "../../sources/bytes.ts"
import { file } from "../../sources/file.ts"

/**
 * Where a file can come from: a source, a path or `file:` URL, its bytes, a `Blob` or `File` of an upload, or a stream (a Node `Readable`, any
 * asynchronous iterable of chunks, a web `ReadableStream`). A stream can be read once, so it is held in memory while its file is loaded.
 */
export type SourceInput = Source | string | URL | Uint8Array | Blob | ByteStream

/** Options of `from`, for what is not a source already. */
export interface FromOptions {
  /** What the file is called in reports and origins. Default: the path, the name of a `File`, else `"bytes"`, `"blob"` or `"stream"`. */
  readonly name?: string | undefined
  /** Most bytes of a stream; more fail with `LIMIT_EXCEEDED`. Default 256 MiB. Write larger ones to a file and pass its path. */
  readonly maxBytes?: number | undefined
}

/** The source that an input stands for. Fails with `PIPELINE_INVALID` for anything else. */
export function sourceOf(input: SourceInput, { name, maxBytes }: FromOptions = {}): Source {
  if (input instanceof Uint8Array) return bytes(input, { name })
  if (typeof input === "string" || input instanceof URL) return file(input, { name })
  if (input instanceof Blob) return blob(input, name)
  if (typeof input === "object" && input !== null) {
    if ("files" in input) return input
    if (Symbol.asyncIterator in input || "getReader" in input) return byteStream(input, { name, maxBytes })
  }
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `A pipeline cannot read from ${input === null ? "null" : `a value of type ${typeof input}`}.`,
    remedy: "Pass a source, a path, a URL, bytes, a Blob or a stream.",
  })
}
