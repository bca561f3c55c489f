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
import { migrateConnection } from "./ledger/migrate.ts"
import { requireLedger } from "./ledger/require-ledger.ts"
import { planOf } from "./ledger/run-entry.ts"
import { type AnyLoadOptions, filesOfRun } from "./load-modes.ts"
import { LoadSession } from "./load-session.ts"

/** The parts of a sink over a database. */
export interface SqlSinkOptions {
  readonly kind: string
  readonly options: AnyLoadOptions
  readonly connect: () => Promise<Database>
}

/** A sink over any database that speaks PostgreSQL's SQL. It sends no statement before `open` or `planOf`. */
export function sqlSink({ kind, options, connect }: SqlSinkOptions): Sink<unknown> {
  let opened: Opened | undefined
  return {
    name: `${kind}:${options.schema === undefined ? "" : `${options.schema}.`}${options.table}`,
    delivery: "once",
    files: filesOfRun(options),
    prepare(context) {
      opened ??= new Opened(options, connect)
      opened.database(context).catch(() => undefined)
    },
    async planOf(context, delivery) {
      opened ??= new Opened(options, connect)
      const database = await opened.database(context)
      const connection = await connectPatiently(database, context.signal)
      try {
        await opened.ledger(connection, database.name)
        return await planOf(connection, delivery)
      } catch (error) {
        throw sinkError(error, database.name)
      } finally {
        connection.release()
      }
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

/** What the loads of a run share. Each part is created when it is first needed, and created again if that failed. */
class Opened {
  readonly #options: AnyLoadOptions
  readonly #connect: () => Promise<Database>
  #database: Promise<Database> | undefined
  #control: ControlConnection | undefined
  #ledger: Promise<void> | undefined

  constructor(options: AnyLoadOptions, connect: () => Promise<Database>) {
    this.#options = options
    this.#connect = connect
  }

  async database({ signal }: Context): Promise<Database> {
    signal.throwIfAborted()
    this.#database ??= this.#connect()
    try {
      return await this.#database
    } catch (error) {
      this.#database = undefined
      throw error
    }
  }

  /** Shared by all loads of the sink. It connects once the first of them has its claim. */
  control(database: Database, { logger }: Context): ControlConnection | undefined {
    if (this.#options.control === false || !database.concurrent) return undefined
    this.#control ??= new ControlConnection(database, concurrencyOptions(this.#options), logger)
    return this.#control
  }

  async ledger(connection: Connection, database: string): Promise<void> {
    this.#ledger ??=
      this.#options.migrate === true ? migrateConnection(connection).then(() => undefined) : requireLedger(connection, database)
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
