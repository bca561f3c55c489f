import type { Context } from "../../contract/context.ts"
import type { Delivery } from "../../contract/delivery.ts"
import type { Sink } from "../../contract/sink.ts"
import { connectPatiently } from "./connect-patiently.ts"
import type { Connection, Database } from "./database.ts"
import { ControlLine, type Guard } from "./ledger/control-line.ts"
import { leaseLost, planOf, requireLedger } from "./ledger/ledger.ts"
import { storableText } from "./ledger/storable.ts"
import { type AnyLoadOptions, filesOfRun } from "./load-mode.ts"
import { LoadSession } from "./load-session.ts"
import { migrateConnection } from "./migrate.ts"
import { sinkError } from "./sink-error.ts"

/** What a sink over a database is made of. */
export interface SqlSinkOptions {
  readonly kind: string
  readonly options: AnyLoadOptions
  readonly connect: () => Promise<Database>
}

/** A sink over any database that speaks PostgreSQL's SQL. Nothing is asked before `open`. */
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
      // The control connection comes first: loads that each hold a connection must not wait for one that is not to be had.
      const control = await shared.takeControl(database, context)
      const done = () => shared.giveControl()
      let connection: Connection | undefined
      let guard: Guard | undefined
      try {
        connection = await connectPatiently(database, context.signal)
        guard = control?.guard(connection)
        // A plan makes the ledger in its own transaction, and leaves nothing of it.
        if (!(delivery.dryRun && options.migrate === true)) await shared.ledger(connection, database.name)
      } catch (error) {
        guard?.end()
        connection?.release()
        await done()
        const silence = guard?.silence()
        throw silence === undefined ? sinkError(error, database.name) : leaseLost(delivery.uri, silence)
      }
      return LoadSession.open({ database, connection, control, context, delivery, options, guard, done })
    },
    async close() {
      const before = opened
      opened = undefined
      await before?.close()
    },
  }
}

/** What it is called by, as the ledger can hold it. */
function storable(delivery: Delivery): Delivery {
  const { pipeline, uri, version } = delivery
  const named = { ...delivery, pipeline: storableText(pipeline), uri: storableText(uri) }
  return version === undefined ? named : { ...named, version: storableText(version) }
}

/** What the loads of a run have in common. Each part is made when it is first needed, and made again where that failed. */
class Opened {
  readonly #options: AnyLoadOptions
  readonly #connect: () => Promise<Database>
  #database: Promise<Database> | undefined
  #control: Promise<ControlLine | undefined> | undefined
  #ledger: Promise<void> | undefined
  #loads = 0

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

  /** For one more load; `giveControl` when it is over. With the last one it goes back to the pool. */
  takeControl(database: Database, { logger }: Context): Promise<ControlLine | undefined> {
    const { control = true, heartbeatMs = 5_000, staleMs = 30_000 } = this.#options
    this.#loads++
    this.#control ??= control ? ControlLine.open(database, { heartbeatMs, staleMs }, logger) : Promise.resolve(undefined)
    return this.#control
  }

  async giveControl(): Promise<void> {
    if (--this.#loads > 0) return
    const control = this.#control
    this.#control = undefined
    await (await control)?.close()
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
    const database = await this.#database?.catch(() => undefined)
    await database?.close()
  }
}
