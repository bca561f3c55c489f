import type pg from "pg"
import type { PostgresClient, PostgresPool } from "../../../src/postgres/connection/postgres-pool.ts"
import type { S3ClientLike } from "../../../src/sources/s3/s3-options.ts"

/** What happens to a process around its n-th call, before or after the call takes effect: it dies, or it is frozen until somebody thaws it. */
export interface Interruption {
  readonly call: number
  readonly when: "before" | "after"
  /** Default: it dies. */
  readonly freezes?: boolean
}

/** Sees the calls of a process that have taken effect. */
export interface CallObserver {
  (call: string, command: object | undefined): Promise<void> | void
}

/**
 * A process that can die. It reaches S3 and PostgreSQL only through `s3` and `pool`, which count its calls. When it dies, its connections to the database
 * break, and none of its calls ever returns, so none of its code runs on.
 */
export class MortalProcess {
  readonly s3: S3ClientLike
  readonly pool: PostgresPool
  /** The calls of the step under way. */
  readonly calls: string[] = []
  /** Resolves when the process dies. */
  readonly died: Promise<void>
  /** Resolves when the process is frozen for the first time. */
  readonly froze: Promise<void>
  readonly #pool: pg.Pool
  readonly #clients = new Set<pg.PoolClient>()
  #die: () => void = () => undefined
  #isAlive = true
  #interruption: Interruption | undefined
  #freeze: () => void = () => undefined
  #thawed: Promise<void> | undefined
  #thaw: () => void = () => undefined

  constructor(client: S3ClientLike, pool: pg.Pool, observe: CallObserver = () => undefined) {
    this.died = new Promise((resolve) => {
      this.#die = resolve
    })
    this.froze = new Promise((resolve) => {
      this.#freeze = resolve
    })
    this.#pool = pool
    pool.on("error", () => undefined).on("connect", (connected) => this.#keep(connected))
    this.s3 = {
      send: (command, options) => {
        const name = s3CallName(command)
        return this.#call(name, async () => {
          const answer = await client.send(command, options)
          await observe(name, command)
          return answer
        })
      },
    }
    this.pool = { connect: () => this.#call("pg connect", async () => this.#mortalClient(await pool.connect())) }
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** Begins a step, in which the process may be interrupted. */
  begin(interruption?: Interruption): void {
    this.calls.length = 0
    this.#interruption = interruption
  }

  get isFrozen(): boolean {
    return this.#thawed !== undefined
  }

  /** Lets a frozen process go on as if no time had passed. */
  thaw(): void {
    this.#thaw()
    this.#thawed = undefined
  }

  kill(): void {
    if (!this.#isAlive) return
    this.#isAlive = false
    for (const client of this.#clients) cut(client)
    this.#die()
  }

  /** Ends the connections of a process that is not needed any more. */
  async end(): Promise<void> {
    if (this.#isAlive) await this.#pool.end()
  }

  async #call<R>(name: string, work: () => Promise<R>): Promise<R> {
    if (!this.#isAlive) return never()
    await this.#thawed
    const call = this.calls.push(name)
    if (this.#dies(call, "before")) return never()
    await this.#thawed
    try {
      return await work()
    } finally {
      if (this.#dies(call, "after") || !this.#isAlive) await never()
      await this.#thawed
    }
  }

  #dies(call: number, when: Interruption["when"]): boolean {
    if (!this.#isAlive || this.#interruption?.call !== call || this.#interruption.when !== when) return false
    if (this.#interruption.freezes === true) {
      this.#thawed = new Promise((resolve) => {
        this.#thaw = resolve
      })
      this.#freeze()
      return false
    }
    this.kill()
    return true
  }

  #keep(client: pg.PoolClient): void {
    client.on("error", () => undefined)
    this.#clients.add(client)
    if (!this.#isAlive) cut(client)
  }

  #mortalClient(client: pg.PoolClient): PostgresClient {
    return new Proxy(client as unknown as PostgresClient, {
      get: (_, name) => {
        if (name === "query") return (text: unknown, values?: unknown[]) => this.#query(client, text, values)
        const value: unknown = Reflect.get(client, name)
        return typeof value === "function" ? value.bind(client) : value
      },
    })
  }

  #query(client: pg.PoolClient, text: unknown, values: unknown[] | undefined): unknown {
    if (typeof text === "string") return this.#call(`pg ${statementName(text)}`, () => client.query(text, values))
    // A COPY is a query object: it begins now and goes on by itself.
    if (!this.#isAlive) return undefined
    const call = this.calls.push("pg COPY")
    if (this.#dies(call, "before")) return undefined
    client.query(text as pg.Submittable)
    this.#dies(call, "after")
    return undefined
  }
}

function cut(client: pg.PoolClient): void {
  const { connection } = client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }
  connection.stream.destroy()
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}

function s3CallName(command: object): string {
  const { Bucket = "" } = (command as { readonly input: { readonly Bucket?: string } }).input
  return `s3 ${command.constructor.name.replace("Command", "")} ${Bucket}`
}

function statementName(text: string): string {
  return text.trim().split(/\s+/).slice(0, 4).join(" ")
}
