import { resolve } from "node:path"
import type { Sink } from "../../contract/sink.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { OptionSpec } from "../../options/option-kind.ts"
import { having, text } from "../../options/option-kinds.ts"
import type { Database } from "../connection/database.ts"
import type { UnexpectedOptions } from "../load-modes.ts"
import { checkLoadOptions } from "../load-option-spec.ts"
import type { LoadOptions } from "../postgres-options.ts"
import { sqlSink } from "../sql-sink.ts"
import { lockDirectory } from "./directory-lock.ts"
import { type Pglite, pgliteDatabase } from "./pglite-database.ts"
import { makeDirectoryPrivate, makeFilesPrivate } from "./private-files.ts"
import { usableDirectory } from "./usable-directory.ts"

/** An embedded database in a directory. */
export interface PgliteDirectoryOptions {
  /**
   * Directory of the database, or a link to it. A missing one is created, and only its owner can read it. Loads throw `SINK_BUSY` while another process
   * has it open, and `SINK_UNREACHABLE` if it is a file or cannot be written to.
   */
  readonly dir: string
  /** Only without `dir`. */
  readonly db?: undefined
}

/** An embedded database that you have opened. */
export interface PgliteDatabaseOptions {
  /** Only without `db`. */
  readonly dir?: undefined
  /** An open database of `@electric-sql/pglite`. You close it yourself; do not use it for other statements during a load. */
  readonly db: Pglite
}

/** Where the embedded database is: give `dir` or `db`. */
export type PgliteConnectionOptions = PgliteDirectoryOptions | PgliteDatabaseOptions

/** Options of `pglite`. */
export type PgliteOptions<T> = LoadOptions<T> & PgliteConnectionOptions

/**
 * Loads passing rows into an embedded PostgreSQL, with the guarantees of `postgres` within one process. The ledger is created and kept up to date.
 * Throws `DEPENDENCY_MISSING` if `@electric-sql/pglite` is not installed, `SINK_UNREACHABLE`, `SINK_BUSY`, `SINK_SCHEMA_MISMATCH`, `SINK_REFUSED`.
 */
export function pglite<T>(options: PgliteOptions<NoInfer<T>>): Sink<T> {
  checkLoadOptions("pglite()", options, connectionSpec, ["dir", "db"])
  return pgliteSink(options)
}

/** `pglite` for options that are known to be right. */
export function pgliteSink<T>(options: PgliteOptions<T> & UnexpectedOptions): Sink<T> {
  return sqlSink({ kind: "pglite", options: { ...options, migrate: options.migrate ?? true }, connect: () => databaseOf(options) })
}

const connectionSpec: OptionSpec<{ readonly [K in keyof PgliteConnectionOptions]?: PgliteConnectionOptions[K] | undefined }> = {
  dir: text("the path of a directory"),
  db: having<Pglite>("an open database, such as new PGlite()", "query"),
}

async function databaseOf({ dir, db }: PgliteConnectionOptions): Promise<Database> {
  return db === undefined ? openEmbedded(resolve(dir)) : pgliteDatabase(db, "PGlite", async () => {})
}

interface OpenDirectory {
  readonly database: Promise<Database>
  users: number
}

/** Directories that this process has open. Sinks of the same directory share its database. */
const open = new Map<string, OpenDirectory>()
/** Directories that are being closed. The next sink waits for that. */
const closing = new Map<string, Promise<void>>()

/** Opens the database of a directory, or shares it if this process has it open, even by another path. */
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
      message: "An embedded database needs the package `@electric-sql/pglite`, which is not installed.",
      remedy: "Run npm install @electric-sql/pglite.",
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
  const message = cause instanceof Error && cause.message !== "" ? cause.message : "PGlite gives no reason"
  return new RowgateError({
    code: "SINK_UNREACHABLE",
    message: `The embedded database in ${directory} cannot be opened: ${message}.`,
    remedy: "Name a folder that is empty or holds a PGlite database, and let this user write to all its files.",
    origin: { uri: directory },
    cause,
  })
}
