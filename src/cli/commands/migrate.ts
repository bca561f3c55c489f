import { openLedger } from "../../postgres/operations/open-ledger.ts"
import { type Command, quietOption } from "../command.ts"
import { exitCode } from "../exit-code.ts"
import { parseTarget } from "../target.ts"
import { usageError } from "../usage-error.ts"

/** `rowgate migrate` */
export const migrate: Command = {
  name: "migrate",
  operands: "",
  about: "Creates rowgate's own tables (schema rowgate) in a PostgreSQL database, or brings them up to date.",
  notes: ["You can run it any number of times, even at the same time. A PGlite folder does not need it."],
  options: {
    to: { value: "TARGET", about: "postgres://user@host/database (default DATABASE_URL)" },
    down: { about: "undo the newest step and delete its data" },
    "version-table": { value: "TABLE", about: "table that records the applied steps (default rowgate.goose_db_version)" },
    ...quietOption,
  },
  examples: [["migrate --to postgres://me@localhost/shop", "creates the tables of rowgate, or brings them up to date"]],
  async run({ args, io, environment, signal }) {
    const to = args.text("to") ?? environment.databaseUrl
    if (args.operands.length > 0) throw usageError(`migrate takes no operand, but got ${args.operands[0]}.`, "migrate")
    if (to === undefined) throw usageError("Name the database to migrate with --to or DATABASE_URL.", "migrate")
    const target = parseTarget(to, io.cwd)
    if (target.kind !== "postgres")
      throw usageError("Only a PostgreSQL database can be migrated, but --to is not postgres://...", "migrate")
    const isDown = args.flag("down")
    await using ledger = await openLedger(target, signal)
    const { steps } = await ledger.migrate({ direction: isDown ? "down" : "up", versionTable: args.text("version-table") })
    const nothing = isDown ? "there is no step to undo" : "up to date"
    await io.stdout.notes([steps.length === 0 ? nothing : `${isDown ? "undone" : "applied"}: ${steps.join(", ")}`])
    return exitCode.ok
  },
}
