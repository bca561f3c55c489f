import { counted } from "../../errors/counted.ts"
import { purge as purgeRejects } from "../../postgres/operations/purge.ts"
import { type Command, quietOption } from "../command.ts"
import { exitCode } from "../exit-code.ts"
import { ledgerOptions, withLedger } from "../ledger-target.ts"
import { targetText } from "../table-name.ts"
import { usageError } from "../usage-error.ts"

const dayMs = 86_400_000

/** `rowgate purge` */
export const purge: Command = {
  name: "purge",
  operands: "",
  about: "Removes rejected rows from a ledger. The ledger still knows the files that were loaded, so they are not loaded again.",
  notes: ["Without --older-than, it removes rejects that have outlived the retention of their pipeline."],
  options: {
    ...ledgerOptions,
    "older-than": { value: "DAYS", about: "rejects of deliveries that ended at least this long ago, such as 90d" },
    "profiles-older-than": {
      value: "DAYS",
      about: "also profiles of columns of deliveries that ended at least this long ago, such as 365d",
    },
    pipeline: { value: "NAME", about: "only those of this pipeline" },
    table: { value: "TABLE", about: "only those of deliveries into this table" },
    run: { value: "RUN", about: "only those of this delivery and of its corrections" },
    "dry-run": { about: "only count them" },
    json: { about: "print the counts as JSON" },
    ...quietOption,
  },
  examples: [
    ["purge --older-than 90d --dry-run", "counts the rejects that are that old"],
    ["purge --older-than 90d", "removes them"],
  ],
  async run(call) {
    const { args, io, signal } = call
    if (args.operands.length > 0) throw usageError(`purge takes no operand, but got ${args.operands[0]}.`, "purge")
    const before = (option: "older-than" | "profiles-older-than") => {
      const age = args.text(option)
      if (age === undefined) return undefined
      if (!/^\d{1,6}d$/.test(age)) throw usageError(`--${option} is "${age}", which is not a number of days such as 90d.`, "purge")
      return new Date(Date.now() - Number(age.slice(0, -1)) * dayMs)
    }
    const dryRun = args.flag("dry-run")
    const options = {
      rejectsOlderThan: before("older-than"),
      profilesOlderThan: before("profiles-older-than"),
      pipeline: args.text("pipeline"),
      target: targetText(args.text("table"), "purge"),
      delivery: args.text("run"),
      dryRun,
      signal,
    }
    const report = await withLedger(call, "purge", (ledger) => purgeRejects(ledger, options))
    const of = counted(report.deliveries, "delivery", "deliveries")
    const removed = `${dryRun ? "would be " : ""}removed`
    const lines = [`${counted(report.rejects, "reject")} of ${of} ${removed}`]
    if (report.profiles !== undefined) lines.push(`${counted(report.profiles, "profile")} of columns ${removed}`)
    await (args.flag("json") ? io.stdout.json({ ...report, dryRun }) : io.stdout.notes(lines))
    return exitCode.ok
  },
}
