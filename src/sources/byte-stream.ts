import { Readable } from "node:stream"
import type { Source } from "../contract/source.ts"
import { limitExceeded } from "../errors/limit-exceeded.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { bytes } from "./bytes.ts"

/** A web stream of bytes, such as the body of a `Request` or `Response`. Fits the types of Node and of browsers. */
export interface WebByteStream {
  /** Locks the stream to a reader. */
  getReader(): {
    /** The next bytes. */
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
    /** Cancels the stream. */
    cancel(reason?: unknown): Promise<void>
  }
}

/** Bytes that can be read once: a Node `Readable`, any asynchronous iterable of chunks, or a web stream. */
export type ByteStream = AsyncIterable<Uint8Array | string> | WebByteStream

/** The name of a stream, and how many bytes of it are accepted. */
export interface ByteStreamOptions {
  readonly name?: string | undefined
  readonly maxBytes?: number | undefined
}

const defaultMaxBytes = 256 * 1024 * 1024

/**
 * A stream as a source with one file. The first run reads it into memory, because the bytes are hashed before they are loaded, workbooks are read
 * from their end, and a delivery may be tried again.
 */
export function byteStream(stream: ByteStream, { name = "stream", maxBytes = defaultMaxBytes }: ByteStreamOptions): Source {
  let held: Promise<Uint8Array> | undefined
  return {
    name: "stream",
    async *files(context) {
      context.signal.throwIfAborted()
      held ??= collected(stream, name, maxBytes, context.signal)
      yield* bytes(await held, { name }).files(context)
    },
  }
}

async function collected(stream: ByteStream, uri: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const piece of untilAborted(stream, signal)) {
      length += piece.length
      if (length > maxBytes) throw tooLong(uri, length, maxBytes)
      chunks.push(piece)
    }
  } catch (cause) {
    throw cause instanceof RowgateError ? cause : unreadable(uri, length, cause)
  }
  return Buffer.concat(chunks, length)
}

/** The chunks of a stream. A stream that sends nothing more does not delay a run that must stop. */
async function* untilAborted(stream: ByteStream, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = ("getReader" in stream ? chunksOf(stream) : stream)[Symbol.asyncIterator]()
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
  })
  aborted.catch(() => {})
  signal.addEventListener("abort", abort, { once: true })
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await Promise.race([chunks.next(), aborted])
      isOver = done === true
      if (done === true) return
      yield typeof value === "string" ? Buffer.from(value) : value
    }
  } finally {
    signal.removeEventListener("abort", abort)
    if (!isOver) {
      // Its iterator would wait for the next chunk first.
      if (stream instanceof Readable) stream.destroy()
      chunks.return?.()?.catch(() => {})
    }
  }
}

async function* chunksOf(stream: WebByteStream): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader()
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isOver = done
      if (done) return
      if (value !== undefined) yield value
    }
  } finally {
    if (!isOver) await reader.cancel()
  }
}

function tooLong(uri: string, seen: number, limit: number): RowgateError {
  return limitExceeded({
    subject: `The stream ${uri}`,
    unit: "bytes or more",
    seen,
    limit,
    option: "maxBytes",
    origin: { uri },
  })
}

function unreadable(uri: string, offset: number, cause: unknown): RowgateError {
  return new RowgateError({
    code: "SOURCE_UNREADABLE",
    message: `Reading the stream ${uri} failed at byte ${offset}.`,
    remedy: "Open the stream anew and pass it to run({ source }): a stream can be read once.",
    origin: { uri, offset },
    cause,
  })
}
