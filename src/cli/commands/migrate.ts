import { openLedger } from "../../postgres/operations/open-ledger.ts"
import type { Command } from "../command.ts"
import { exitCode } from "../exit-code.ts"
import { parseTarget } from "../target.ts"
import { usageError } from "../usage-error.ts"

/** `rowgate migrate` */
export const migrate: Command = {
  name: "migrate",
  operands: "",
  about: "Creates rowgate's own tables (schema rowgate) in a PostgreSQL database, or brings them up to date.",
  notes: ["Safe to run twice, also at once. A PGlite folder needs none of it."],
  options: {
    to: { value: "TARGET", about: "postgres://user@host/database (default DATABASE_URL)" },
    down: { about: "undo the newest step; what it held is lost" },
    "version-table": { value: "TABLE", about: "table that records which steps were applied (default rowgate.goose_db_version)" },
  },
  async run({ args, io, environment, signal }) {
    const to = args.text("to") ?? environment.databaseUrl
    if (args.operands.length > 0) throw usageError(`migrate takes no operand, and was given ${args.operands[0]}.`, "migrate")
    if (to === undefined) throw usageError("There is no database to migrate: neither --to nor DATABASE_URL is set.", "migrate")
    const target = parseTarget(to, io.cwd)
    if (target.kind !== "postgres") throw usageError("Only a PostgreSQL database is migrated: --to is no postgres://...", "migrate")
    const isDown = args.flag("down")
    await using ledger = await openLedger(target, signal)
    const { steps } = await ledger.migrate({ direction: isDown ? "down" : "up", versionTable: args.text("version-table") })
    const nothing = isDown ? "there is no step to undo" : "up to date"
    await io.stdout.lines([steps.length === 0 ? nothing : `${isDown ? "undone" : "applied"}: ${steps.join(", ")}`])
    return exitCode.ok
  },
}
