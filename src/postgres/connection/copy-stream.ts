import type { WireCopy } from "./database.ts"

/** The part of the wire connection that `pg` passes to a query object. */
export interface Wire {
  query(text: string): void
  sendCopyFail(reason: string): void
  readonly stream: {
    destroy(): void
    write(bytes: Uint8Array, written?: (error?: Error | null) => void): boolean
    cork(): void
    uncork(): void
  }
}

const copyData = 0x64
const copyDone = Uint8Array.of(0x63, 0, 0, 0, 4)

/** Unsent bytes above which `drained` waits: enough to keep the server busy while the next batch is encoded. */
const highWaterBytes = 1 << 20

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * A COPY FROM STDIN as a query object of `pg` (the protocol that pg-cursor uses too).
 *
 * It differs from pg-copy-streams in two ways. An error in the middle reaches the writer at once, while there the writer waits for a drain
 * event that never comes. And `fail` sends CopyFail, so half of the data can never be committed as if it were all.
 */
export class CopyStream implements WireCopy {
  readonly #text: string
  readonly #settled: Promise<number>
  #settle: { resolve: (rows: number) => void; reject: (error: unknown) => void } = { resolve() {}, reject() {} }
  #wire: Wire | undefined
  #accepting = false
  #queue: Uint8Array[] = []
  #unsentBytes = 0
  #rows = 0
  #over = false
  #error: unknown
  #waiters: Waiter[] = []
  #finishing: (() => void) | undefined

  constructor(text: string) {
    this.#text = text
    this.#settled = new Promise<number>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // `drained`, `end` and `fail` pass the error on; until then the rejection must not count as unhandled.
    this.#settled.catch(() => undefined)
  }

  /** Bytes that the server has not received yet. */
  get unsentBytes(): number {
    return this.#over ? 0 : this.#unsentBytes
  }

  /** Whether the server's answer to the beginning or the end of the data is pending. */
  get ending(): boolean {
    return !this.#over && (this.#finishing !== undefined || !this.#accepting)
  }

  write(bytes: Uint8Array): void {
    if (this.#over || bytes.length === 0) return
    this.#unsentBytes += bytes.length
    if (this.#accepting) this.#send(bytes)
    else this.#queue.push(bytes)
  }

  async drained(): Promise<void> {
    if (this.#error !== undefined) throw this.#error
    if (this.#over || (this.#accepting && this.#unsentBytes <= highWaterBytes)) return
    await new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  end(): Promise<number> {
    this.#finish(() => this.#wire?.stream.write(copyDone))
    return this.#settled
  }

  async fail(reason: string): Promise<void> {
    this.#queue = []
    this.#finish(() => this.#wire?.sendCopyFail(reason))
    await this.#settled.catch(() => undefined)
  }

  /** `pg` replaces this if a query timeout is configured, and expects it to be called at the end. */
  callback(): void {}

  submit(wire: Wire): void {
    this.#wire = wire
    wire.query(this.#text)
  }

  handleCopyInResponse(): void {
    this.#accepting = true
    const queue = this.#queue
    this.#queue = []
    for (const bytes of queue) this.#send(bytes)
    this.#finishing?.()
    if (this.#unsentBytes <= highWaterBytes) this.#wake()
  }

  handleCommandComplete(message: { readonly text?: string }): void {
    this.#rows = Number(/^COPY (\d+)/.exec(message.text ?? "")?.[1] ?? 0)
  }

  handleReadyForQuery(): void {
    this.#close()
    this.#settle.resolve(this.#rows)
  }

  handleError(error: unknown): void {
    if (this.#over) return
    this.#error = error
    this.#close()
    this.#settle.reject(error)
  }

  #finish(last: () => void): void {
    if (this.#over || this.#finishing !== undefined) return
    this.#finishing = last
    if (this.#accepting) last()
  }

  #send(bytes: Uint8Array): void {
    const wire = this.#wire
    if (wire === undefined) return
    const header = new Uint8Array(5)
    header[0] = copyData
    new DataView(header.buffer).setUint32(1, bytes.length + 4)
    wire.stream.cork()
    wire.stream.write(header)
    wire.stream.write(bytes, () => this.#sent(bytes.length))
    wire.stream.uncork()
  }

  #sent(bytes: number): void {
    this.#unsentBytes -= bytes
    if (this.#unsentBytes <= highWaterBytes) this.#wake()
  }

  #wake(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve()
  }

  #close(): void {
    this.#over = true
    this.#queue = []
    this.callback()
    for (const { resolve, reject } of this.#waiters.splice(0)) this.#error === undefined ? resolve() : reject(this.#error)
  }
}
