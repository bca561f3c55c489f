import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { buildApp } from "fauxqs"
import { onward, S3Conditions } from "./s3-conditions.ts"

/** What the proxy does to a response after some bytes of the body: it cuts the connection, falls silent, or sends single bytes slowly. */
export interface Trouble {
  readonly kind: "cut" | "hang" | "drip"
  readonly afterBytes: number
}

/** A local S3 server behind a proxy that can break connections, and that checks the conditions of requests, which the server ignores. */
export interface S3Server extends AsyncDisposable {
  readonly client: S3Client
  readonly endpoint: string
  /** Each GET of an object takes the first of these. */
  readonly troubles: Trouble[]
  /** The `Range` header of every GET of an object so far, or "" if it had none. */
  readonly ranges: string[]
  /** Answers a request with an error before it reaches the server, if it returns one. */
  refuse: ((method: string, url: string) => { readonly status: number; readonly code: string } | undefined) | undefined
  /** Whether requests to remove an object ignore `If-Match`, as those of some services do. */
  ignoresConditionalDeletes: boolean
  put(key: string, body: string | Uint8Array): Promise<void>
}

export const bucket = "landing"

export async function startS3Server(): Promise<S3Server> {
  const app = buildApp({ logger: false })
  await app.listen({ host: "127.0.0.1", port: 0 })
  const { port } = app.server.address() as AddressInfo
  const troubles: Trouble[] = []
  const ranges: string[] = []
  const conditions = new S3Conditions(port)
  const proxy = createServer(async (incoming, outgoing) => {
    const refusal = server.refuse?.(incoming.method ?? "", incoming.url ?? "")
    if (refusal !== undefined) answerError(incoming, outgoing, refusal)
    else await forward(incoming, outgoing, conditions, server)
  })
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    responseChecksumValidation: "WHEN_REQUIRED",
  })
  const server: S3Server = {
    client,
    endpoint,
    troubles,
    ranges,
    refuse: undefined,
    ignoresConditionalDeletes: false,
    async put(key, body) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
      await app.close()
    },
  }
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return server
}

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, conditions: S3Conditions, server: S3Server): Promise<void> {
  const { troubles, ranges, ignoresConditionalDeletes } = server
  const isGet = incoming.method === "GET" && !/list-type|\?/.test(incoming.url?.replace(/\?x-id=GetObject$/, "") ?? "")
  if (isGet) ranges.push(incoming.headers.range ?? "")
  const trouble = isGet ? troubles.shift() : undefined
  if (incoming.method === "DELETE" && ignoresConditionalDeletes) delete incoming.headers["if-match"]
  // Pages hold seven keys, so a few objects make many pages.
  incoming.url = incoming.url?.replace("list-type=2", "list-type=2&max-keys=7") ?? ""
  await conditions.check(incoming, (refusal) => {
    if (refusal !== undefined) return answerError(incoming, outgoing, refusal)
    return onward(conditions.port, incoming, (answer) => {
      // A client that has hung up must not keep the object busy.
      if (outgoing.destroyed) return void answer.resume()
      outgoing.on("close", () => answer.resume()).writeHead(answer.statusCode ?? 500, answer.headers)
      if (trouble === undefined) answer.pipe(outgoing)
      else void spoil(answer, outgoing, trouble)
    })
  })
}

function answerError(incoming: IncomingMessage, outgoing: ServerResponse, { status, code }: { status: number; code: string }): void {
  incoming.resume()
  outgoing.writeHead(status, { "content-type": "application/xml" })
  outgoing.end(incoming.method === "HEAD" ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}

async function spoil(answer: IncomingMessage, outgoing: ServerResponse, { kind, afterBytes }: Trouble): Promise<void> {
  let sent = 0
  for await (const chunk of answer) {
    if (kind === "drip" && sent >= afterBytes) {
      for (const byte of chunk as Buffer) {
        if (outgoing.destroyed) return
        outgoing.write(Buffer.of(byte))
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      continue
    }
    const part = (chunk as Buffer).subarray(0, afterBytes - sent)
    sent += part.length
    outgoing.write(part)
    if (sent < afterBytes) continue
    if (kind === "drip") {
      answer.unshift((chunk as Buffer).subarray(part.length))
      continue
    }
    if (kind === "cut") setTimeout(() => outgoing.destroy(), 20)
    return
  }
  outgoing.end()
}
