import type { Context } from "../../contract/context.ts"
import { checkOptions } from "../../options/check-options.ts"
import { needed, text } from "../../options/option-kinds.ts"
import { poolDatabase } from "../connection/pool-database.ts"
import { type PostgresPool, poolKind } from "../connection/postgres-pool.ts"
import { sinkError } from "../connection/sink-error.ts"
import { checkTableName } from "../load-option-spec.ts"
import { identifier } from "../sql/quoted-names.ts"
import { namedTable } from "../target/target-table.ts"

/** The column that holds the known keys. */
export interface PostgresKeysOptions {
  /** A pool of the package `pg`. */
  readonly pool: PostgresPool
  /** The table, without its schema. */
  readonly table: string
  /** The table's schema. Default: the schema in which the connection's search path finds the table. */
  readonly schema?: string | undefined
  /** The column of the table. */
  readonly column: string
}

/** Known keys that a database holds. */
export interface DatabaseKeys<out V> {
  /** The name in messages: `table.column`. */
  readonly name: string
  /** The keys. Each call reads them again. */
  keys(context: Context): AsyncIterable<V>
}

/** The distinct values of a column without nulls, for `check.foreignKey`. They are read when a run begins. Throws `SINK_UNREACHABLE` or `SINK_SCHEMA_MISMATCH`. */
export function postgresKeys<V extends string | number | Date>(options: PostgresKeysOptions): DatabaseKeys<V> {
  checkOptions("postgresKeys()", options, {
    pool: needed(poolKind()),
    table: needed(text("the name of a table")),
    schema: text("the name of a schema"),
    column: needed(text("the name of a column")),
  })
  checkTableName("postgresKeys()", options)
  const { pool, table, schema, column } = options
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
