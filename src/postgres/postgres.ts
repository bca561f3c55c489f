import type { Sink } from "../contract/sink.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { kind, secretCallback } from "../options/option-kinds.ts"
import { shownType } from "../options/shown-value.ts"
import { poolKind } from "./connection/postgres-pool.ts"
import { lazySink } from "./lazy-sink.ts"
import type { UnexpectedOptions } from "./load-modes.ts"
import { checkLoadOptions } from "./load-option-spec.ts"
import { withLedgerOf } from "./operations/ledger-of-sink.ts"
import type { ConnectionOptions, PostgresOptions } from "./postgres-options.ts"
import { sinkFace } from "./sink-face.ts"

/**
 * Loads passing rows into a table of PostgreSQL. Each version of a file takes effect once, and readers see all of it or nothing. Rows that are
 * not loaded are kept with their reasons in the ledger (schema `rowgate`, created by `migrate`).
 *
 * `.into(...)` infers T. Outside of a pipeline, name it: `postgres<Order>({ ... })`.
 * Throws `CONFIG_INVALID` at once if an option is wrong. Loads throw `SINK_UNREACHABLE`, `SINK_SCHEMA_MISMATCH`, `SINK_BUSY`, `SINK_REFUSED`, `LEDGER_MISSING`, `LEASE_LOST`,
 * `COMMIT_UNKNOWN`.
 */
export function postgres<T>(options: PostgresOptions<NoInfer<T>>): Sink<T> {
  checkLoadOptions("postgres()", options, connectionSpec, ["pool", "url"])
  const ofUrl = (["ssl", "password"] as const).find((name) => options[name] !== undefined)
  if (options.pool !== undefined && ofUrl !== undefined) throw notOfPool(ofUrl)
  return postgresSink(options)
}

function notOfPool(name: string): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: `postgres() accepts the option ${name} only with a url, because a pool has its own.`,
    remedy: `Set ${name} in the pool instead.`,
  })
}

/** `postgres` for options that are known to be right. */
export function postgresSink<T>(options: PostgresOptions<T> & UnexpectedOptions): Sink<T> {
  const sink = lazySink(sinkFace("postgres", options), async () => {
    const [{ sqlSink }, { openDatabase }] = await Promise.all([import("./sql-sink.ts"), import("./connection/open-database.ts")])
    return sqlSink({ kind: "postgres", options, connect: (connections) => openDatabase(options, connections) })
  })
  return withLedgerOf(sink, options)
}

const connectionSpec: OptionSpec<{ readonly [K in keyof ConnectionOptions]?: ConnectionOptions[K] | undefined }> = {
  pool: poolKind(),
  url: kind(
    "a connection string, such as postgres://user@host/database, or a function that returns one",
    (value) => (typeof value === "string" && value !== "") || typeof value === "function",
    // The value may be a password.
    shownType,
  ),
  ssl: kind(
    "true, false or an object of TLS options",
    (value) => typeof value === "boolean" || (typeof value === "object" && value !== null),
  ),
  password: secretCallback("a function that gives the password"),
}
