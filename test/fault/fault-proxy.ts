import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"

/** One message of the client on its way to the server (PostgreSQL's frontend/backend protocol, version 3). */
export interface ClientMessage {
  /** Position among all messages of all connections. */
  readonly index: number
  /** The statement for `Query` and `Parse`, else the message's type: `CopyData`, `CopyDone`, `Sync` ... */
  readonly label: string
  /** Bytes of COPY that were passed on before it. */
  readonly copied: number
}

/**
 * What becomes of a message. `"reset"` cuts both sides before the server sees it; `"swallow"` lets the server see it and cuts the client when the
 * answer comes; `"blackhole"` passes nothing on any more, either way, and keeps both connections open.
 */
export type Fate = "pass" | "reset" | "swallow" | "blackhole"

/** How a proxy treats what passes through. */
export interface FaultPlan {
  /** Asked before each message of the client. May take its time, or kill somebody. */
  readonly onMessage?: (message: ClientMessage) => Fate | Promise<Fate>
  /** Most bytes written at once, to either side; default all that there are. */
  readonly slice?: number
}

/** A TCP proxy before a PostgreSQL server that understands what the client says, so that faults hit a chosen point of the protocol. */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #messages = 0
  #copied = 0

  private constructor(target: URL, plan: FaultPlan) {
    this.#server = createServer({ noDelay: true }, (client) => this.#serve(client, target, plan))
  }

  static async before(url: string, plan: FaultPlan): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(url), plan)
    proxy.#server.listen(0, "127.0.0.1")
    await once(proxy.#server, "listening")
    return proxy
  }

  /** The database behind the proxy, as its clients reach it. */
  urlOf(url: string): string {
    const through = new URL(url)
    const address = this.#server.address()
    through.port = String(typeof address === "object" ? address?.port : "")
    return through.href
  }

  /** Connections that are open, both sides counted. */
  get open(): number {
    return this.#sockets.size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close")
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(client: Socket, target: URL, plan: FaultPlan): void {
    const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true })
    const cut = () => {
      for (const socket of [client, server]) socket.resetAndDestroy()
    }
    let deaf = false
    let swallow = false
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on("error", cut)
      socket.on("close", () => {
        this.#sockets.delete(socket)
        if (!deaf) (socket === client ? server : client).destroy()
      })
    }
    server.on("data", (bytes: Buffer) => {
      if (deaf) return
      if (swallow) cut()
      else write(client, bytes, plan.slice)
    })
    const messages = new MessageReader()
    let turn = Promise.resolve()
    client.on("data", (bytes: Buffer) => {
      client.pause()
      turn = turn.then(async () => {
        for (const { label, raw } of messages.read(bytes)) {
          if (deaf || client.destroyed) return
          const fate = (await plan.onMessage?.({ index: this.#messages++, label, copied: this.#copied })) ?? "pass"
          if (label === "CopyData") this.#copied += raw.length
          if (fate === "reset") return cut()
          if (fate === "blackhole") deaf = true
          else {
            if (fate === "swallow") swallow = true
            write(server, raw, plan.slice)
          }
        }
        client.resume()
      })
    })
  }
}

function write(socket: Socket, bytes: Buffer, slice = bytes.length): void {
  for (let at = 0; at < bytes.length; at += slice) socket.write(bytes.subarray(at, at + slice))
}

const types: { readonly [byte: string]: string } = {
  B: "Bind",
  C: "Close",
  D: "Describe",
  E: "Execute",
  H: "Flush",
  S: "Sync",
  X: "Terminate",
  c: "CopyDone",
  d: "CopyData",
  f: "CopyFail",
  p: "Password",
}

/** Takes a stream of bytes apart into messages. The first of a connection has no type. */
class MessageReader {
  #rest: Buffer = Buffer.alloc(0)
  #begun = false

  /** The messages that are complete with these bytes. */
  read(bytes: Buffer): readonly { readonly label: string; readonly raw: Buffer }[] {
    const messages: { readonly label: string; readonly raw: Buffer }[] = []
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    for (;;) {
      const at = this.#begun ? 1 : 0
      if (this.#rest.length < at + 4) return messages
      const length = at + this.#rest.readUInt32BE(at)
      if (this.#rest.length < length) return messages
      const raw = this.#rest.subarray(0, length)
      this.#rest = this.#rest.subarray(length)
      const label = this.#begun ? labelOf(raw) : "Startup"
      this.#begun = true
      messages.push({ label, raw })
    }
  }
}

function labelOf(raw: Buffer): string {
  const type = String.fromCharCode(raw[0] ?? 0)
  if (type === "Q") return statement(raw.toString("utf8", 5, raw.length - 1))
  if (type === "P") return statement(raw.toString("utf8", raw.indexOf(0, 5) + 1).split("\0")[0] ?? "")
  return types[type] ?? type
}

function statement(sql: string): string {
  return sql.trim().replace(/\s+/g, " ").slice(0, 80)
}
