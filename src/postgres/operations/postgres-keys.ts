import type { Context } from "../../contract/context.ts"
import { poolDatabase } from "../connection/pool-database.ts"
import type { PostgresPool } from "../connection/postgres-pool.ts"
import { sinkError } from "../connection/sink-error.ts"
import { identifier } from "../sql/quoted-names.ts"
import { namedTable } from "../target/target-table.ts"

/** Which column holds the known keys. */
export interface PostgresKeysOptions {
  /** A pool of the package `pg`. */
  readonly pool: PostgresPool
  /** The table, without its schema. */
  readonly table: string
  /** The table's schema. Default: what the search path of the connection finds. */
  readonly schema?: string | undefined
  /** The database column. */
  readonly column: string
}

/** Known keys that a database holds. */
export interface DatabaseKeys<out V> {
  /** As messages call them: `table.column`. */
  readonly name: string
  /** The keys, read anew at each call. */
  keys(context: Context): AsyncIterable<V>
}

/** The distinct values of a column, for `foreignKey`. Read when the run begins; nulls are left out. Throws `SINK_UNREACHABLE`, `SINK_SCHEMA_MISMATCH`. */
export function postgresKeys<V extends string | number | Date>({ pool, table, schema, column }: PostgresKeysOptions): DatabaseKeys<V> {
  const named = namedTable(table, schema)
  return {
    name: `${table}.${column}`,
    async *keys(context) {
      context.signal.throwIfAborted()
      const database = poolDatabase(pool)
      try {
        const connection = await database.connect()
        try {
          const name = identifier(column)
          const { rows } = await connection.query(`SELECT DISTINCT ${name} AS key FROM ${named} WHERE ${name} IS NOT NULL`)
          for (const { key } of rows) yield key as V
        } finally {
          connection.release()
        }
      } catch (error) {
        throw sinkError(error, database.name)
      }
    },
  }
}
