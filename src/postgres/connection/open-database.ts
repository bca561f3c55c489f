import type { ConnectionOptions } from "../postgres-options.ts"
import type { Database } from "./database.ts"
import { poolDatabase } from "./pool-database.ts"
import { urlDatabase } from "./url-database.ts"

/** Connects to the database that options name: with a pool of the user, or with connections of its own, of which it opens so many at once. */
export async function openDatabase(options: ConnectionOptions, connections: number): Promise<Database> {
  if (options.pool !== undefined) return poolDatabase(options.pool)
  return urlDatabase(options.url, { ...options, preconnect: connections })
}
