import { resolve } from "node:path"
import type { Sink } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Database } from "../connection/database.ts"
import type { LoadOptions } from "../postgres-options.ts"
import { sqlSink } from "../sql-sink.ts"
import { lockDirectory } from "./directory-lock.ts"
import { type Pglite, pgliteDatabase } from "./pglite-database.ts"
import { makeDirectoryPrivate, makeFilesPrivate } from "./private-files.ts"
import { usableDirectory } from "./usable-directory.ts"

/** Which embedded database. One of the two. */
export interface PgliteConnectionOptions {
  /**
   * Directory of the database, or a link to one; made where there is none, for its owner alone. One process at a time: `SINK_BUSY` where another one has it open.
   * `SINK_UNREACHABLE` where it cannot be written to, or is a file.
   */
  readonly dir?: string | undefined
  /** An open database of `@electric-sql/pglite`. It stays the caller's to close, and to keep others away from. */
  readonly db?: Pglite | undefined
}

/** Options of `pglite`. */
export type PgliteOptions<T> = LoadOptions<T> & PgliteConnectionOptions

/**
 * Loads into an embedded PostgreSQL, with the guarantees of `postgres` for one process: its ledger is made and kept up to date by itself.
 * Throws `DEPENDENCY_MISSING` where `@electric-sql/pglite` is not installed, `SINK_UNREACHABLE`, `SINK_BUSY`, `SINK_SCHEMA_MISMATCH`, `SINK_REFUSED`.
 */
export function pglite<T>(options: PgliteOptions<NoInfer<T>>): Sink<T> {
  return sqlSink({ kind: "pglite", options: { migrate: true, ...options }, connect: () => databaseOf(options) })
}

async function databaseOf({ dir, db }: PgliteConnectionOptions): Promise<Database> {
  if (db !== undefined && dir === undefined) return pgliteDatabase(db, "PGlite", async () => {})
  if (dir !== undefined && db === undefined) return openEmbedded(resolve(dir))
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: "pglite() needs a directory or an open database, and not both",
    remedy: 'Give it `dir: "./data"`, or `db: new PGlite(...)`.',
  })
}

interface OpenDirectory {
  readonly database: Promise<Database>
  users: number
}

/** Directories that this process has open: two sinks of one directory share its database. */
const open = new Map<string, OpenDirectory>()
/** Directories that are being closed: whoever comes next waits. */
const closing = new Map<string, Promise<void>>()

/** The database of a directory, shared by all that use it in this process, by whatever path. */
export async function openEmbedded(path: string): Promise<Database> {
  const directory = await usableDirectory(path)
  const entry = open.get(directory) ?? { database: start(directory), users: 0 }
  open.set(directory, entry)
  entry.users++
  try {
    const shared = await entry.database
    return {
      ...shared,
      async close() {
        if (--entry.users > 0) return
        open.delete(directory)
        const closed = shared.close()
        closing.set(directory, closed)
        await closed.finally(() => closing.delete(directory))
      },
    }
  } catch (error) {
    open.delete(directory)
    throw error
  }
}

async function start(directory: string): Promise<Database> {
  const { PGlite } = await import("@electric-sql/pglite").catch((cause: unknown) => {
    throw new RowgateError({
      code: "DEPENDENCY_MISSING",
      message: "the package `@electric-sql/pglite` is not installed, which an embedded database needs",
      remedy: "npm install @electric-sql/pglite",
      cause,
    })
  })
  await closing.get(directory)
  const lock = await lockDirectory(directory)
  try {
    const isNew = await makeDirectoryPrivate(directory)
    const db = await PGlite.create(directory).catch((cause: unknown) => {
      throw cannotOpen(directory, cause)
    })
    if (isNew) await makeFilesPrivate(directory)
    return pgliteDatabase(db, `PGlite in ${directory}`, async () => {
      await db.close()
      await makeFilesPrivate(directory)
      await lock.release()
    })
  } catch (error) {
    await lock.release()
    throw error
  }
}

function cannotOpen(directory: string, cause: unknown): RowgateError {
  const message = cause instanceof Error && cause.message !== "" ? cause.message : "PGlite does not say why"
  return new RowgateError({
    code: "SINK_UNREACHABLE",
    message: `The embedded database in ${directory} cannot be opened: ${message}.`,
    remedy: "Check that the folder holds such a database or nothing, and that this user may write to all its files.",
    origin: { uri: directory },
    cause,
  })
}
