import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http"
import { Readable } from "node:stream"

/** An error of S3. */
export interface Refusal {
  readonly status: number
  readonly code: string
}

/** Checks the conditions of requests to a server that ignores them. Changes of one object take place one after the other. */
export class S3Conditions {
  readonly port: number
  readonly #turns = new Map<string, Promise<void>>()

  constructor(port: number) {
    this.port = port
  }

  /** Calls `then` with an error if a condition of the request does not hold, and lets the next change of the object wait until it is done. */
  async check(incoming: IncomingMessage, then: (refusal: Refusal | undefined) => Promise<void> | void): Promise<void> {
    const path = incoming.url?.split("?")[0] ?? ""
    if (!["PUT", "POST", "DELETE"].includes(incoming.method ?? "")) return then(undefined)
    const turn = (this.#turns.get(path) ?? Promise.resolve()).then(async () => {
      await then(await this.#refusal(incoming, path))
    })
    const settled = turn.catch(() => {})
    this.#turns.set(path, settled)
    await turn
  }

  async #refusal({ headers }: IncomingMessage, path: string): Promise<Refusal | undefined> {
    const failed = { status: 412, code: "PreconditionFailed" }
    const { "if-none-match": absent, "if-match": match } = headers
    if (absent !== undefined || match !== undefined) {
      const etag = await this.#etagOf(path)
      if (absent === "*" && etag !== undefined) return failed
      if (match !== undefined && etag === undefined) return { status: 404, code: "NoSuchKey" }
      if (match !== undefined && match !== "*" && match !== etag) return failed
    }
    const source = headers["x-amz-copy-source"]
    const wanted = headers["x-amz-copy-source-if-match"]
    if (typeof source !== "string" || wanted === undefined) return undefined
    const etag = await this.#etagOf(`/${source.replace(/^\//, "")}`)
    return etag === undefined || etag === wanted ? undefined : failed
  }

  #etagOf(path: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const head = request({ host: "127.0.0.1", port: this.port, path, method: "HEAD" }, (answer) => {
        answer.resume()
        resolve(answer.statusCode === 200 ? answer.headers.etag : undefined)
      })
      head.on("error", reject).end()
    })
  }
}

/** Sends a request on to the server at a port, and waits for the end of its response. */
export async function onward(port: number, incoming: IncomingMessage, take: (answer: IncomingMessage) => void): Promise<void> {
  const { method, url: path, headers } = incoming
  const source = headers["x-amz-copy-source"]
  if (typeof source === "string" && path?.includes("uploadId=")) return partCopy(port, path, source, headers, incoming, take)
  await new Promise<void>((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
      answer.on("error", () => {}).on("close", resolve)
      take(answer)
    })
    sent.on("error", () => resolve())
    const hangUp = () => sent.destroy(new Error("the client hung up"))
    // It may have hung up while another change of the object was under way. What it sent can then not be read any more.
    if (incoming.destroyed) return void hangUp()
    incoming.on("close", () => {
      if (!incoming.complete) hangUp()
    })
    incoming.pipe(sent)
  })
}

/** Copies a range of an object into a part of an upload: a read and a write, because the server has no such request. */
async function partCopy(
  port: number,
  path: string,
  source: string,
  { "x-amz-copy-source-range": range }: IncomingHttpHeaders,
  incoming: IncomingMessage,
  take: (answer: IncomingMessage) => void,
): Promise<void> {
  incoming.resume()
  const server = `http://127.0.0.1:${port}`
  const read = await fetch(`${server}/${source.replace(/^\//, "")}`, typeof range === "string" ? { headers: { range } } : {})
  const bytes = Buffer.from(await read.arrayBuffer())
  const written = await fetch(server + path, { method: "PUT", body: bytes, headers: { "content-type": "application/octet-stream" } })
  const body = `<CopyPartResult><ETag>${written.headers.get("etag") ?? ""}</ETag></CopyPartResult>`
  take(
    Object.assign(Readable.from([Buffer.from(body)]), {
      statusCode: written.status,
      headers: { "content-type": "application/xml" },
    }) as unknown as IncomingMessage,
  )
}
