import type { Writable } from "node:stream"
import type { WireCopy } from "./database.ts"

/** A statement of the package `postgres`, which settles by these two methods of its own. */
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
 * A COPY FROM STDIN of the package `postgres`. There it gives a stream, and nothing after it: a refusal that comes once the data has ended
 * would be lost, its stream never finishing. The statement itself is told of both, of the stream first and then of the result or the error, so
 * it is asked in place of the stream.
 */
export class PostgresJsCopy implements WireCopy {
  readonly #settled: Promise<number>
  readonly #ready: Promise<Writable>
  #stream: Writable | undefined
  #queue: Uint8Array[] = []
  #waiters: Waiter[] = []
  #error: { readonly reason: unknown } | undefined
  #over = false
  #last: "end" | "fail" | undefined
  unsentBytes = 0

  constructor(query: PromiseLike<unknown>) {
    if (!isPending(query)) throw new TypeError("this version of the package `postgres` settles its statements in another way than is known")
    let begin: (stream: Writable) => void
    this.#ready = new Promise((resolve) => {
      begin = resolve
    })
    this.#settled = new Promise((resolve, reject) => {
      query.resolve = (result) => {
        if (isWritable(result)) {
          // What goes wrong with it is told to the statement as well.
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
    // It is sent when somebody waits for it.
    query.then(undefined, () => undefined)
  }

  get ending(): boolean {
    return !this.#over && (this.#last !== undefined || this.#stream === undefined)
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
    this.#last ??= "end"
    if (!this.#over) this.#stream?.end()
    return this.#settled
  }

  async fail(reason: string): Promise<void> {
    this.#queue = []
    this.#last ??= "fail"
    if (!this.#over) this.#stream?.destroy(new Error(reason))
    await this.#settled.catch(() => undefined)
  }

  #accept(stream: Writable): void {
    this.#stream = stream
    for (const bytes of this.#queue.splice(0)) this.#send(stream, bytes)
    if (this.#last === "end") stream.end()
    if (this.#last === "fail") stream.destroy(new Error("called off"))
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
