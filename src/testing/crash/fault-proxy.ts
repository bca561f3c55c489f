import { once } from "node:events"
import { connect, createServer, type Server, type Socket } from "node:net"
import { MessageReader } from "./message-reader.ts"

/** One message from a client to the server. The messages of an extended query count as one. */
export interface ClientMessage {
  /** The statement, or the message's type: `CopyData`, `CopyDone`, `Terminate` and so on. */
  readonly label: string
  /** The number of the message among those with its label, on any connection, counted from 1. */
  readonly nth: number
  /** How many bytes of CopyData messages were passed on before it. */
  readonly copied: number
  /** The size of the message in bytes. */
  readonly bytes: number
}

/**
 * What happens to a message. `"reset"` cuts both sides before the server sees it, and a number cuts them after the server has seen that many
 * bytes. `"swallow"` lets the server see it and cuts the client when the answer comes. `"deaf"` passes nothing on any more, in either direction,
 * on all open connections, and closes none. `"deaf for good"` does the same to later connections too.
 */
export type Fate = "pass" | "reset" | "swallow" | "deaf" | "deaf for good" | number

/** How a proxy treats the traffic. */
export interface FaultPlan {
  /** Decides on each message of the client before it is passed on. It may take its time, or kill a process. */
  readonly onMessage: (message: ClientMessage) => Fate | Promise<Fate>
  /** The most bytes written at once, to either side. Default: all. */
  readonly slice?: number | undefined
}

/** A TCP proxy for a PostgreSQL server. It understands the client's messages, so that faults hit a chosen point of the protocol. */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #seen = new Map<string, number>()
  #copied = 0
  #deaf = false
  readonly #deafOnes = new Set<Socket>()

  private constructor(host: string, port: number, plan: FaultPlan) {
    this.#server = createServer({ noDelay: true }, (client) => this.#serve(client, connect({ host, port, noDelay: true }), plan))
  }

  static async before({ host, port }: { readonly host: string; readonly port: number }, plan: FaultPlan): Promise<FaultProxy> {
    const proxy = new FaultProxy(host, port, plan)
    proxy.#server.listen(0, "127.0.0.1")
    await once(proxy.#server, "listening")
    return proxy
  }

  /** The port of the proxy. */
  get port(): number {
    const address = this.#server.address()
    return typeof address === "object" && address !== null ? address.port : 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close")
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(client: Socket, server: Socket, plan: FaultPlan): void {
    const cut = () => {
      for (const socket of [client, server]) socket.resetAndDestroy()
    }
    const isDeaf = () => this.#deaf || this.#deafOnes.has(client)
    let swallow = false
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on("error", () => !isDeaf() && cut())
      socket.on("close", () => {
        this.#sockets.delete(socket)
        if (!isDeaf()) (socket === client ? server : client).destroy()
      })
    }
    server.on("data", (bytes: Buffer) => {
      if (isDeaf()) return
      if (swallow) cut()
      else write(client, bytes, plan.slice)
    })
    const messages = new MessageReader()
    let turn = Promise.resolve()
    client.on("data", (bytes: Buffer) => {
      client.pause()
      turn = turn.then(async () => {
        for (const { label, raw } of messages.read(bytes)) {
          if (isDeaf() || client.destroyed) return
          const nth = (this.#seen.get(label) ?? 0) + 1
          this.#seen.set(label, nth)
          const fate = await plan.onMessage({ label, nth, copied: this.#copied, bytes: raw.length })
          if (label === "CopyData") this.#copied += raw.length
          if (fate === "reset") return cut()
          if (typeof fate === "number") return void server.write(raw.subarray(0, fate), cut)
          if (fate === "deaf" || fate === "deaf for good") {
            this.#deaf ||= fate === "deaf for good"
            for (const socket of this.#sockets) this.#deafOnes.add(socket)
          } else {
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
