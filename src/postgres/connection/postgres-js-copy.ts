import type { Writable } from "node:stream"
import type { WireCopy } from "./database.ts"

/** A statement of the package `postgres`, which the package settles by calling these two methods. */
interface PendingQuery extends PromiseLike<unknown> {
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** Unsent bytes above which `drained` waits. */
const highWaterBytes = 1 << 20

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * A COPY FROM STDIN of the package `postgres`. The package returns only a stream, which never finishes if the server refuses the COPY after
 * the end of the data. But it calls `resolve` of the statement with the stream, and then `resolve` or `reject` with the outcome, so
 * this class replaces these methods.
 */
export class PostgresJsCopy implements WireCopy {
  readonly #settled: Promise<number>
  readonly #ready: Promise<Writable>
  #stream: Writable | undefined
  #queue: Uint8Array[] = []
  #waiters: Waiter[] = []
  #error: { readonly reason: unknown } | undefined
  #over = false
  #finishing: "end" | "fail" | undefined
  unsentBytes = 0

  constructor(query: PromiseLike<unknown>) {
    if (!isPending(query))
      throw new TypeError("This version of the package `postgres` is not supported: its statements have no resolve and reject.")
    let begin: (stream: Writable) => void
    this.#ready = new Promise((resolve) => {
      begin = resolve
    })
    this.#settled = new Promise((resolve, reject) => {
      query.resolve = (result) => {
        if (isWritable(result)) {
          // The statement gets the same error.
          result.on("error", () => undefined)
          begin(result)
        } else {
          this.#close()
          resolve(rowsOf(result))
        }
      }
      query.reject = (reason) => {
        this.#error ??= { reason }
        this.#close()
        reject(reason)
      }
    })
    this.#settled.catch(() => undefined)
    this.#ready.then((stream) => this.#accept(stream))
    // The package sends a statement once it is awaited.
    query.then(undefined, () => undefined)
  }

  get ending(): boolean {
    return !this.#over && (this.#finishing !== undefined || this.#stream === undefined)
  }

  write(bytes: Uint8Array): void {
    if (this.#over || bytes.length === 0) return
    this.unsentBytes += bytes.length
    if (this.#stream === undefined) this.#queue.push(bytes)
    else this.#send(this.#stream, bytes)
  }

  async drained(): Promise<void> {
    if (this.#error !== undefined) throw this.#error.reason
    if (this.#over || (this.#stream !== undefined && this.unsentBytes <= highWaterBytes)) return
    await new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  end(): Promise<number> {
    this.#finishing ??= "end"
    if (!this.#over) this.#stream?.end()
    return this.#settled
  }

  async fail(reason: string): Promise<void> {
    this.#queue = []
    this.#finishing ??= "fail"
    if (!this.#over) this.#stream?.destroy(new Error(reason))
    await this.#settled.catch(() => undefined)
  }

  #accept(stream: Writable): void {
    this.#stream = stream
    for (const bytes of this.#queue.splice(0)) this.#send(stream, bytes)
    if (this.#finishing === "end") stream.end()
    if (this.#finishing === "fail") stream.destroy(new Error("the load was aborted"))
    if (this.unsentBytes <= highWaterBytes) this.#wake()
  }

  #send(stream: Writable, bytes: Uint8Array): void {
    stream.write(bytes, () => {
      this.unsentBytes -= bytes.length
      if (this.unsentBytes <= highWaterBytes) this.#wake()
    })
  }

  #wake(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve()
  }

  #close(): void {
    this.#over = true
    this.#queue = []
    this.unsentBytes = 0
    for (const { resolve, reject } of this.#waiters.splice(0)) this.#error === undefined ? resolve() : reject(this.#error.reason)
  }
}

function isPending(query: PromiseLike<unknown>): query is PendingQuery {
  return "resolve" in query && typeof query.resolve === "function" && "reject" in query && typeof query.reject === "function"
}

function isWritable(result: unknown): result is Writable {
  return typeof result === "object" && result !== null && "write" in result && "destroy" in result
}

function rowsOf(result: unknown): number {
  const count = typeof result === "object" && result !== null && "count" in result ? result.count : 0
  return typeof count === "number" ? count : 0
}
