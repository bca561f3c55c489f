import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { buildApp } from "fauxqs"

/** What the proxy does to a response after some bytes of the body: it cuts the connection, falls silent, or sends single bytes slowly. */
export interface Trouble {
  readonly kind: "cut" | "hang" | "drip"
  readonly afterBytes: number
}

/** A local S3 server behind a proxy that can break connections. */
export interface S3Server extends AsyncDisposable {
  readonly client: S3Client
  readonly endpoint: string
  /** Each GET of an object takes the first of these. */
  readonly troubles: Trouble[]
  /** The `Range` header of every GET of an object so far, or "" if it had none. */
  readonly ranges: string[]
  put(key: string, body: string | Uint8Array): Promise<void>
}

export const bucket = "landing"

export async function startS3Server(): Promise<S3Server> {
  const app = buildApp({ logger: false })
  await app.listen({ host: "127.0.0.1", port: 0 })
  const { port } = app.server.address() as AddressInfo
  const troubles: Trouble[] = []
  const ranges: string[] = []
  const proxy = createServer((incoming, outgoing) => forward(incoming, outgoing, port, troubles, ranges))
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    responseChecksumValidation: "WHEN_REQUIRED",
  })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return {
    client,
    endpoint,
    troubles,
    ranges,
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
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number, troubles: Trouble[], ranges: string[]): void {
  const isGet = incoming.method === "GET" && !/list-type|\?/.test(incoming.url?.replace(/\?x-id=GetObject$/, "") ?? "")
  if (isGet) ranges.push(incoming.headers.range ?? "")
  const trouble = isGet ? troubles.shift() : undefined
  const { method, headers } = incoming
  // Pages hold seven keys, so a few objects make many pages.
  const url = incoming.url?.replace("list-type=2", "list-type=2&max-keys=7")
  const onward = request({ host: "127.0.0.1", port, path: url, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
    if (trouble === undefined) answer.pipe(outgoing)
    else void spoil(answer, outgoing, trouble)
  })
  incoming.pipe(onward)
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
