import { createHash, randomUUID } from "node:crypto"
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { S3Client } from "@aws-sdk/client-s3"

/** One version of an object, or the mark of its deletion. */
export interface Version {
  readonly id: string
  readonly bytes: Buffer
  readonly etag: string
  readonly isDeletion: boolean
  readonly headers: { readonly [name: string]: string }
  readonly tags: string
  readonly at: Date
}

/**
 * S3 in memory, with what the other test server lacks: versions, conditions, checksums, tags, copies. Each behaviour is documented by S3: see its
 * API reference of PutObject, CopyObject, DeleteObject, CompleteMultipartUpload and UploadPartCopy.
 */
export interface MemoryS3 extends AsyncDisposable {
  readonly client: S3Client
  /** The versions of each object by `bucket/key`, the oldest first. */
  readonly objects: Map<string, Version[]>
  /** The method and the path of each request so far. */
  readonly requests: string[]
  /** Answers a request with an error, if it returns one. */
  refuse: ((method: string, url: URL, headers: IncomingHttpHeaders) => Refusal | undefined) | undefined
  /** The newest version of an object, unless it is deleted. */
  current(path: string): Version | undefined
}

/** An error of S3. */
export interface Refusal {
  readonly status: number
  readonly code: string
}

class Fault extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

interface Upload {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly parts: Map<number, Buffer>
}

const kept = ["content-type", "cache-control", "content-disposition", "content-encoding", "content-language", "expires"]

export async function startMemoryS3({ versions = false }: { readonly versions?: boolean } = {}): Promise<MemoryS3> {
  const objects = new Map<string, Version[]>()
  const requests: string[] = []
  const store = new Store(objects, versions)
  const service = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? "", "http://s3")
    requests.push(`${incoming.method} ${incoming.url}`)
    try {
      const body = await contentOf(incoming)
      const refusal = s3.refuse?.(incoming.method ?? "", url, incoming.headers)
      if (refusal !== undefined) throw new Fault(refusal.status, refusal.code)
      answer(store, incoming, url, body, outgoing)
    } catch (error) {
      const { status, code } = error instanceof Fault ? error : { status: 500, code: "InternalError" }
      outgoing.writeHead(status, { "content-type": "application/xml" })
      outgoing.end(incoming.method === "HEAD" ? undefined : `<Error><Code>${code}</Code><Message>${String(error)}</Message></Error>`)
    }
  })
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve))
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    responseChecksumValidation: "WHEN_REQUIRED",
    requestChecksumCalculation: "WHEN_REQUIRED",
    maxAttempts: 1,
  })
  const s3: MemoryS3 = {
    client,
    objects,
    requests,
    refuse: undefined,
    current: (path) => store.current(path),
    async [Symbol.asyncDispose]() {
      client.destroy()
      service.closeAllConnections()
      await new Promise((resolve) => service.close(resolve))
    },
  }
  return s3
}

class Store {
  readonly uploads = new Map<string, Upload>()
  readonly hasVersions: boolean
  readonly #objects: Map<string, Version[]>

  constructor(objects: Map<string, Version[]>, hasVersions: boolean) {
    this.#objects = objects
    this.hasVersions = hasVersions
  }

  current(path: string): Version | undefined {
    const newest = this.#objects.get(path)?.at(-1)
    return newest?.isDeletion === true ? undefined : newest
  }

  find(path: string, versionId: string | null): Version {
    const found = versionId === null ? this.current(path) : this.#objects.get(path)?.find(({ id }) => id === versionId)
    if (found === undefined) throw new Fault(404, versionId === null ? "NoSuchKey" : "NoSuchVersion")
    if (found.isDeletion) throw new Fault(405, "MethodNotAllowed")
    return found
  }

  put(path: string, bytes: Buffer, from: Partial<Version>): Version {
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`
    const id = this.hasVersions ? randomUUID() : "null"
    const version = { id, bytes, etag, isDeletion: false, headers: {}, tags: "", at: new Date(), ...from }
    this.#objects.set(path, [...(this.hasVersions ? (this.#objects.get(path) ?? []) : []), version])
    return version
  }

  remove(path: string, versionId: string | null): void {
    if (versionId === null && this.hasVersions) this.put(path, Buffer.alloc(0), { isDeletion: true })
    else {
      const left = versionId === null ? [] : (this.#objects.get(path) ?? []).filter(({ id }) => id !== versionId)
      if (left.length === 0) this.#objects.delete(path)
      else this.#objects.set(path, left)
    }
  }

  /** The conditions of a write. */
  check(path: string, { "if-none-match": absent, "if-match": match }: IncomingHttpHeaders): void {
    const current = this.current(path)
    if (absent === "*" && current !== undefined) throw new Fault(412, "PreconditionFailed")
    if (match === undefined) return
    if (current === undefined) throw new Fault(404, "NoSuchKey")
    if (match !== "*" && match !== current.etag) throw new Fault(412, "PreconditionFailed")
  }

  /** All versions of the objects below a prefix: by key, the newest of a key first. */
  versions(bucket: string, prefix: string): [string, Version][] {
    const below = [...this.#objects]
      .filter(([path]) => path.startsWith(`${bucket}/${prefix}`))
      .sort(([one], [other]) => (one < other ? -1 : 1))
    return below.flatMap(([path, versions]) =>
      versions.toReversed().map((version): [string, Version] => [path.slice(bucket.length + 1), version]),
    )
  }

  list(bucket: string, prefix: string, after: string): [string, Version][] {
    const below = [...this.#objects.keys()].filter((path) => path.startsWith(`${bucket}/${prefix}`) && path > `${bucket}/${after}`)
    return below.sort().flatMap((path) => {
      const current = this.current(path)
      return current === undefined ? [] : [[path.slice(bucket.length + 1), current] as [string, Version]]
    })
  }
}

function answer(store: Store, incoming: IncomingMessage, url: URL, body: Buffer, outgoing: ServerResponse): void {
  const { method = "", headers } = incoming
  const path = decodeURIComponent(incoming.url?.split("?")[0]?.slice(1) ?? "")
  const query = url.searchParams
  const versionId = query.get("versionId")
  const uploadId = query.get("uploadId")
  const copySource = headers["x-amz-copy-source"]
  const xml = (text: string, more: { [name: string]: string } = {}) =>
    outgoing.writeHead(200, { "content-type": "application/xml", ...more }).end(text)
  const versionHeader = ({ id }: Version): { [name: string]: string } => (store.hasVersions ? { "x-amz-version-id": id } : {})
  if (query.has("list-type")) return void list(store, path.replace(/\/$/, ""), query, xml)
  if (method === "GET" && query.has("versions"))
    return void listVersions(store, path.replace(/\/$/, ""), query.get("prefix") ?? "", query, xml)
  if (query.has("tagging")) return void xml(taggingXml(store.find(path, versionId).tags))
  if (method === "GET" || method === "HEAD") return void read(store.find(path, versionId), incoming, outgoing, versionHeader)
  if (method === "POST" && query.has("uploads")) {
    const id = randomUUID()
    store.uploads.set(id, { path, headers, parts: new Map() })
    return void xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
  }
  if (method === "PUT" && uploadId !== null) {
    const bytes = typeof copySource === "string" ? copied(store, copySource, headers).bytes : body
    const part = typeof copySource === "string" ? rangeOf(bytes, headers["x-amz-copy-source-range"]) : bytes
    uploadOf(store, uploadId).parts.set(Number(query.get("partNumber")), part)
    const etag = `"${createHash("md5").update(part).digest("hex")}"`
    if (typeof copySource === "string") return void xml(`<CopyPartResult><ETag>${etag}</ETag></CopyPartResult>`)
    outgoing.writeHead(200, { etag }).end()
    return
  }
  if (method === "POST" && uploadId !== null) return void xml(...complete(store, uploadId, path, headers, versionHeader))
  if (method === "PUT") {
    store.check(path, headers)
    if (typeof copySource === "string") {
      const source = copied(store, copySource, headers)
      const written = store.put(path, source.bytes, {
        headers: { ...source.headers, ...checksums(source.bytes, headers) },
        tags: source.tags,
      })
      return void xml(`<CopyObjectResult><ETag>${written.etag}</ETag></CopyObjectResult>`, versionHeader(written))
    }
    const written = store.put(path, body, { headers: keptHeaders(headers), tags: String(headers["x-amz-tagging"] ?? "") })
    outgoing.writeHead(200, { etag: written.etag, ...versionHeader(written) }).end()
    return
  }
  if (method !== "DELETE") throw new Fault(501, "NotImplemented")
  if (uploadId !== null) store.uploads.delete(uploadId)
  else {
    store.check(path, headers)
    store.remove(path, versionId)
  }
  outgoing.writeHead(204).end()
}

function read(found: Version, { method, headers }: IncomingMessage, outgoing: ServerResponse, versionHeader: (version: Version) => object) {
  if (headers["if-match"] !== undefined && headers["if-match"] !== found.etag) throw new Fault(412, "PreconditionFailed")
  const { bytes, etag, tags, at } = found
  const shown = Object.entries(found.headers).filter(
    ([name]) => !name.startsWith("x-amz-checksum") || headers["x-amz-checksum-mode"] !== undefined,
  )
  const range = headers.range === undefined ? undefined : rangeOf(bytes, headers.range)
  const start = Number(/\d+/.exec(headers.range ?? "")?.[0] ?? 0)
  outgoing.writeHead(range === undefined ? 200 : 206, {
    ...Object.fromEntries(shown),
    ...versionHeader(found),
    etag,
    "last-modified": at.toUTCString(),
    "content-length": String((range ?? bytes).length),
    ...(range === undefined ? {} : { "content-range": `bytes ${start}-${start + range.length - 1}/${bytes.length}` }),
    ...(tags === "" ? {} : { "x-amz-tagging-count": String(tags.split("&").length) }),
  })
  outgoing.end(method === "HEAD" ? undefined : (range ?? bytes))
}

function complete(
  store: Store,
  uploadId: string,
  path: string,
  headers: IncomingHttpHeaders,
  versionHeader: (version: Version) => { [name: string]: string },
): [string, { [name: string]: string }] {
  const upload = uploadOf(store, uploadId)
  store.check(path, headers)
  const parts = [...upload.parts].sort(([one], [other]) => one - other).map(([, part]) => part)
  const digest = createHash("md5")
  for (const part of parts) digest.update(createHash("md5").update(part).digest())
  const etag = `"${digest.digest("hex")}-${parts.length}"`
  const tags = String(upload.headers["x-amz-tagging"] ?? "")
  const written = store.put(path, Buffer.concat(parts), { etag, headers: keptHeaders(upload.headers), tags })
  store.uploads.delete(uploadId)
  return [`<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`, versionHeader(written)]
}

function copied(store: Store, copySource: string, headers: IncomingHttpHeaders): Version {
  const [path = "", version] = copySource.split("?versionId=")
  const source = store.find(decodeURIComponent(path).replace(/^\//, ""), version ?? null)
  const match = headers["x-amz-copy-source-if-match"]
  if (match !== undefined && match !== source.etag) throw new Fault(412, "PreconditionFailed")
  return source
}

function uploadOf(store: Store, id: string): Upload {
  const upload = store.uploads.get(id)
  if (upload === undefined) throw new Fault(404, "NoSuchUpload")
  return upload
}

function list(store: Store, bucket: string, query: URLSearchParams, xml: (text: string) => void): void {
  const after = query.get("continuation-token") ?? query.get("start-after") ?? ""
  const found = store.list(bucket, query.get("prefix") ?? "", after)
  const page = found.slice(0, 5)
  const contents = page.map(
    ([key, { bytes, etag, at }]) =>
      `<Contents><Key>${encodeURIComponent(key).replaceAll("%2F", "/")}</Key><Size>${bytes.length}</Size><ETag>${etag}</ETag><LastModified>${at.toISOString()}</LastModified></Contents>`,
  )
  const more = found.length > page.length ? `<NextContinuationToken>${encodeXml(page.at(-1)?.[0] ?? "")}</NextContinuationToken>` : ""
  const head = `<EncodingType>url</EncodingType><IsTruncated>${found.length > page.length}</IsTruncated>`
  xml(`<ListBucketResult>${head}${more}${contents.join("")}</ListBucketResult>`)
}

/** Pages hold two versions. */
function listVersions(store: Store, bucket: string, prefix: string, query: URLSearchParams, xml: (text: string) => void): void {
  const found = store.versions(bucket, prefix)
  const [after, afterId] = [query.get("key-marker"), query.get("version-id-marker")]
  const from = after === null ? 0 : found.findIndex(([key, { id }]) => key === after && id === afterId) + 1
  const page = found.slice(from, from + 2)
  const encoded = (key: string) => encodeURIComponent(key).replaceAll("%2F", "/")
  const entries = page.map(([key, { id, isDeletion }]) => {
    const name = isDeletion ? "DeleteMarker" : "Version"
    return `<${name}><Key>${encoded(key)}</Key><VersionId>${id}</VersionId></${name}>`
  })
  const [lastKey = "", last] = page.at(-1) ?? []
  const markers = `<NextKeyMarker>${encoded(lastKey)}</NextKeyMarker><NextVersionIdMarker>${last?.id}</NextVersionIdMarker>`
  const isTruncated = from + page.length < found.length
  const head = `<EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? markers : ""}`
  xml(`<ListVersionsResult>${head}${entries.join("")}</ListVersionsResult>`)
}

function keptHeaders(headers: IncomingHttpHeaders): { [name: string]: string } {
  const names = Object.keys(headers).filter((name) => kept.includes(name) || name.startsWith("x-amz-meta-"))
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]))
}

function checksums(bytes: Buffer, { "x-amz-checksum-algorithm": algorithm }: IncomingHttpHeaders): { [name: string]: string } {
  if (algorithm !== "SHA256") return {}
  return { "x-amz-checksum-sha256": createHash("sha256").update(bytes).digest("base64"), "x-amz-checksum-type": "FULL_OBJECT" }
}

function taggingXml(tags: string): string {
  const pairs = [...new URLSearchParams(tags)]
  const set = pairs.map(([key, value]) => `<Tag><Key>${encodeXml(key)}</Key><Value>${encodeXml(value)}</Value></Tag>`).join("")
  return `<Tagging><TagSet>${set}</TagSet></Tagging>`
}

function encodeXml(text: string): string {
  return text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
}

function rangeOf(bytes: Buffer, range: string | string[] | undefined): Buffer {
  const [, start = "0", end = ""] = /bytes=(\d+)-(\d*)/.exec(String(range)) ?? []
  return bytes.subarray(Number(start), end === "" ? undefined : Number(end) + 1)
}

async function contentOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
