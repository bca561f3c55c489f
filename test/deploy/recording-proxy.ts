import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { pipeline } from "node:stream/promises"

/** A request to AWS, as a function has sent it. */
export interface RecordedRequest {
  /** The access key that signed it. Each function has one of its own. */
  readonly caller: string
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  /** The body of requests that are JSON; empty for those that carry objects. */
  readonly body: string
  readonly status: number
}

export interface RecordingProxy extends AsyncDisposable {
  readonly endpoint: string
  readonly requests: readonly RecordedRequest[]
}

export interface RecordingProxyOptions {
  /** Where requests go. */
  readonly endpoint: string
  /** Requests that get an error in place of an answer. */
  refuses(asked: Pick<RecordedRequest, "caller" | "method" | "url">): boolean
}

/** Stands between functions and a server, and notes what they ask it for. */
export async function startRecordingProxy({ endpoint, refuses }: RecordingProxyOptions): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch((error) => outgoing.destroy(error))
  })

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "", headers, url: path = "" } = incoming
    const url = new URL(path, endpoint)
    const caller = /Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1] ?? "nobody"
    const isJson = headers["x-amz-target"] !== undefined
    const body = isJson ? await textOf(incoming) : ""
    const note = (status: number) => requests.push({ caller, method, url, headers, body, status })
    if (refuses({ caller, method, url })) {
      await pipeline(incoming, async (chunks) => {
        for await (const _ of chunks);
      })
      note(400)
      outgoing.writeHead(400, { "content-type": "application/xml" })
      outgoing.end("<Error><Code>InvalidRequest</Code><Message>Refused by a test.</Message></Error>")
      return
    }
    // With its own path, because a URL would shorten "." and ".." of keys.
    const sent = request(endpoint, { method, path, headers })
    const answer = new Promise<IncomingMessage>((resolve, reject) => sent.on("response", resolve).on("error", reject))
    if (isJson) sent.end(body)
    else await pipeline(incoming, sent)
    const response = await answer
    note(response.statusCode ?? 0)
    outgoing.writeHead(response.statusCode ?? 0, response.headers)
    await pipeline(response, outgoing)
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
