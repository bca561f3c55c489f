import type { Context } from "../contract/context.ts"
import type { Delivery } from "../contract/delivery.ts"
import type { Sink } from "../contract/sink.ts"
import { connectPatiently } from "./connection/connect-patiently.ts"
import type { Connection, Database } from "./connection/database.ts"
import { LoadConnection } from "./connection/load-connection.ts"
import { SilentConnection } from "./connection/silent-connection.ts"
import { sinkError } from "./connection/sink-error.ts"
import { storableText } from "./encode/storable-text.ts"
import { concurrencyOptions } from "./ledger/concurrency-options.ts"
import { ControlConnection } from "./ledger/control-connection.ts"
import { leaseLost } from "./ledger/lease-lost.ts"
import { requireLedger } from "./ledger/require-ledger.ts"
import { planOf } from "./ledger/run-entry.ts"
import type { AnyLoadOptions } from "./load-modes.ts"
import { abortGraceMs, LoadSession } from "./load-session.ts"
import { sinkFace } from "./sink-face.ts"

/** The parts of a sink over a database. */
export interface SqlSinkOptions {
  readonly kind: string
  readonly options: AnyLoadOptions
  /** Opens the database, with so many connections at once. */
  readonly connect: (connections: number) => Promise<Database>
}

/** A sink that can load a delivery in parts, and that knows its target before the first one. */
export type StagingSink = Sink<unknown> & Required<Pick<Sink<unknown>, "textColumns" | "stage" | "unstage">>

/**
 * A sink over any database that speaks PostgreSQL's SQL. It sends no statement before `open` or `planOf`. What many loads never need, such as migrations,
 * staged parts or the search for rows that the table refuses, is loaded when it is needed.
 */
export function sqlSink({ kind, options, connect }: SqlSinkOptions): StagingSink {
  let opened: Opened | undefined
  /** Runs `work` on a connection to a database with a ledger. An abort cuts the connection if the statement under way takes long. */
  async function withConnection<R>(context: Context, uri: string, work: (connection: LoadConnection) => Promise<R>): Promise<R> {
    opened ??= new Opened(options, connect)
    const shared = opened
    const database = await shared.database(context)
    const { signal } = context
    const connection = await LoadConnection.open(database, { signal, patienceMs: concurrencyOptions(options).staleMs })
    const onAbort = () => void setTimeout(() => connection.busy && connection.destroy(), abortGraceMs).unref()
    signal.addEventListener("abort", onAbort)
    try {
      await shared.ledger(connection, database.name)
      const done = await work(connection)
      connection.release()
      return done
    } catch (error) {
      connection.release(true)
      signal.throwIfAborted()
      throw error instanceof SilentConnection ? leaseLost(uri, error.message) : sinkError(error, database.name)
    } finally {
      signal.removeEventListener("abort", onAbort)
    }
  }
  /** Asks something before a delivery. */
  async function asked<R>(context: Context, work: (connection: Connection, database: Database, shared: Opened) => Promise<R>): Promise<R> {
    opened ??= new Opened(options, connect)
    const shared = opened
    const database = await shared.database(context)
    const connection = await connectPatiently(database, context.signal)
    try {
      return await work(connection, database, shared)
    } catch (error) {
      throw sinkError(error, database.name)
    } finally {
      connection.release()
    }
  }
  return {
    ...sinkFace(kind, options),
    prepare(context) {
      opened ??= new Opened(options, connect)
      opened.database(context).catch(() => undefined)
    },
    planOf(context, delivery) {
      return asked(context, async (connection, database, shared) => {
        await shared.ledger(connection, database.name)
        return planOf(connection, delivery)
      })
    },
    async textColumns(context, columns) {
      const { textColumns } = await import("./target/text-columns.ts")
      return asked(context, (connection) => textColumns(connection, columns, options))
    },
    async open(context, given) {
      const delivery = storable(given)
      opened ??= new Opened(options, connect)
      const shared = opened
      const database = await shared.database(context)
      const control = shared.control(database, context)
      const { staleMs } = concurrencyOptions(options)
      const connection = await LoadConnection.open(database, { signal: context.signal, patienceMs: staleMs })
      try {
        // A plan creates the ledger in its own transaction, which is rolled back.
        if (!(delivery.dryRun && options.migrate === true)) await shared.ledger(connection, database.name)
      } catch (error) {
        connection.release()
        throw error instanceof SilentConnection ? leaseLost(delivery.uri, error.message) : sinkError(error, database.name)
      }
      return LoadSession.open({ database, connection, control, context, delivery, options })
    },
    async stage(context, given, part) {
      const delivery = storable(given)
      const { stagePart } = await import("./parts/stage-part.ts")
      return withConnection(context, delivery.uri, (connection) => stagePart({ connection, context, delivery, options, part }))
    },
    async unstage(context, delivery) {
      const { unstage } = await import("./parts/unstage.ts")
      await withConnection(context, delivery, (connection) => unstage(connection, delivery, options, context))
    },
    async close() {
      const before = opened
      opened = undefined
      await before?.close()
    },
  }
}

/** Replaces characters in names that the ledger cannot store. */
function storable(delivery: Delivery): Delivery {
  const { pipeline, uri, version, sourceTable } = delivery
  const text = (value: string | undefined) => (value === undefined ? undefined : storableText(value))
  return { ...delivery, pipeline: storableText(pipeline), uri: storableText(uri), version: text(version), sourceTable: text(sourceTable) }
}

async function migrated(connection: Connection): Promise<void> {
  const { migrateConnection } = await import("./ledger/migrate.ts")
  await migrateConnection(connection)
}

/** What the loads of a run share. Each part is created when it is first needed, and created again if that failed. */
class Opened {
  readonly #options: AnyLoadOptions
  readonly #connect: SqlSinkOptions["connect"]
  #database: Promise<Database> | undefined
  #control: ControlConnection | undefined
  #ledger: Promise<void> | undefined

  constructor(options: AnyLoadOptions, connect: SqlSinkOptions["connect"]) {
    this.#options = options
    this.#connect = connect
  }

  async database(context: Context): Promise<Database> {
    context.signal.throwIfAborted()
    this.#database ??= this.#connect(this.#hasControl(context) ? 2 : 1)
    try {
      return await this.#database
    } catch (error) {
      this.#database = undefined
      throw error
    }
  }

  /** Shared by all loads of the sink. It connects once the first of them has its claim. */
  control(database: Database, context: Context): ControlConnection | undefined {
    if (!this.#hasControl(context) || !database.concurrent) return undefined
    this.#control ??= new ControlConnection(database, concurrencyOptions(this.#options), context.logger)
    return this.#control
  }

  /** With a deadline, the database knows when the load must have ended, so nobody has to hear from it until then. */
  #hasControl({ deadline }: Context): boolean {
    return this.#options.control ?? deadline === undefined
  }

  async ledger(connection: Connection, database: string): Promise<void> {
    this.#ledger ??= this.#options.migrate === true ? migrated(connection) : requireLedger(connection, database)
    try {
      await this.#ledger
    } catch (error) {
      this.#ledger = undefined
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#control?.close()
    const database = await this.#database?.catch(() => undefined)
    await database?.close()
  }
}
