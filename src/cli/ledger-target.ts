import { existsSync } from "node:fs"
import { type LedgerPlace, type OpenLedger, openLedger } from "../postgres/operations/open-ledger.ts"
import type { CommandCall, OptionSpec } from "./command.ts"
import { configuration } from "./ingest-settings.ts"
import { showOpening } from "./opening-line.ts"
import { defaultTarget, parseTarget, type Target } from "./target.ts"
import { usageError } from "./usage-error.ts"

/** Options of every command that uses a ledger. */
export const ledgerOptions = {
  to: { value: "TARGET", about: "postgres://user@host/database or pglite:DIR (default DATABASE_URL, else pglite:.rowgate/db)" },
  config: { value: "FILE", about: "module that exports defineConfig({ ... }), for its `to` (default: rowgate.config.ts, if there is one)" },
} as const satisfies { readonly [name: string]: OptionSpec }

/** Opens the ledger that a command line names, passes it to `work`, and closes it. */
export async function withLedger<R>(call: CommandCall, command: string, work: (ledger: OpenLedger["pool"]) => Promise<R>): Promise<R> {
  const { args, io, environment, signal } = call
  const { to } = await configuration(args, io.cwd, command)
  const target = parseTarget(args.text("to") ?? to ?? environment.databaseUrl ?? defaultTarget, io.cwd)
  const place = ledgerPlace(target, command)
  showOpening(io.stderr, target)
  await using ledger = await openLedger(place, signal)
  io.stderr.status("")
  return await work(ledger.pool)
}

function ledgerPlace(target: Target, command: string): LedgerPlace {
  if (target.kind === "ndjson") throw usageError("A file of rows has no ledger. Name a database with --to.", command)
  if (target.kind === "pglite" && !existsSync(target.directory))
    throw usageError(`There is no database in ${target.directory}. Name another one with --to.`, command)
  return target
}
