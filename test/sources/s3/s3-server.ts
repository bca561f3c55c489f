import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { buildApp } from "fauxqs"

/** What the way to the server does to an answer with a body after so many bytes of it: cuts it, falls silent, or gives a byte now and then. */
export interface Trouble {
  readonly kind: "cut" | "hang" | "drip"
  readonly afterBytes: number
}

/** An S3 server of its own on this machine, reached through a connection that can be made to break. */
export interface S3Server extends AsyncDisposable {
  readonly client: S3Client
  readonly endpoint: string
  /** Answers to GET of objects meet these troubles, one each, in turn. */
  readonly troubles: Trouble[]
  /** `Range` of every GET of an object so far; an empty text where there was none. */
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
  const way = createServer((incoming, outgoing) => forward(incoming, outgoing, port, troubles, ranges))
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve))
  const endpoint = `http://127.0.0.1:${(way.address() as AddressInfo).port}`
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
      way.closeAllConnections()
      await new Promise((resolve) => way.close(resolve))
      await app.close()
    },
  }
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number, troubles: Trouble[], ranges: string[]): void {
  const isGet = incoming.method === "GET" && !/list-type|\?/.test(incoming.url?.replace(/\?x-id=GetObject$/, "") ?? "")
  if (isGet) ranges.push(incoming.headers.range ?? "")
  const trouble = isGet ? troubles.shift() : undefined
  const { method, headers } = incoming
  // Pages of seven keys, so that a few objects make many pages.
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
