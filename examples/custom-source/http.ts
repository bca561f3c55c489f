import { RowgateError, type Source, type SourceFile } from "rowgate"

/** Files behind URLs, each pinned to the ETag that it had when it was listed. */
export function http(...urls: readonly string[]): Source {
  return {
    name: "http",
    async *files({ signal }) {
      for (const url of urls) yield await httpFile(url, signal)
    },
  }
}

async function httpFile(url: string, signal: AbortSignal): Promise<SourceFile> {
  const { headers } = checked(await fetch(url, { method: "HEAD", signal }), url)
  const version = headers.get("etag")
  const size = headers.get("content-length")
  return {
    uri: url,
    ...(version === null ? {} : { version }),
    ...(size === null ? {} : { size: Number(size) }),
    async *stream({ start = 0, end } = { start: 0 }) {
      const range = `bytes=${start}-${end === undefined ? "" : end - 1}`
      const response = checked(await fetch(url, { headers: { range, ...(version === null ? {} : { "if-match": version }) }, signal }), url)
      // A server may send the whole file although only a part was requested.
      const skipped = response.status === 206 ? 0 : start
      yield* part(response.body ?? [], skipped, end === undefined ? Number.POSITIVE_INFINITY : end - start)
    },
  }
}

async function* part(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, from: number, length: number): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const chunk of chunks) {
    const piece = chunk.subarray(Math.max(0, from - at), Math.max(0, from + length - at))
    at += chunk.length
    if (piece.length > 0) yield piece
    if (at >= from + length) return
  }
}

function checked(response: Response, url: string): Response {
  if (response.ok) return response
  const { status } = response
  const code = status === 404 ? "SOURCE_NOT_FOUND" : status === 412 ? "SOURCE_CHANGED" : "SOURCE_UNREADABLE"
  const retryable = status === 412 || status === 429 || status >= 500
  throw new RowgateError({
    code,
    message: `${url} answers ${status}`,
    remedy: "Check the URL and its server.",
    origin: { uri: url },
    retryable,
  })
}
