import { purge as purgeRejects } from "../../postgres/operations/purge.ts"
import type { Command } from "../command.ts"
import { exitCode } from "../exit-code.ts"
import { ledgerOptions, withLedger } from "../ledger-target.ts"
import { targetText } from "../table-name.ts"
import { usageError } from "../usage-error.ts"

const dayMs = 86_400_000

/** `rowgate purge` */
export const purge: Command = {
  name: "purge",
  operands: "",
  about: "Removes rejected rows from a ledger; what was loaded stays known, and is not loaded again.",
  notes: ["Without --older-than: rejects of pipelines that say how long they are kept."],
  options: {
    ...ledgerOptions,
    "older-than": { value: "DAYS", about: "rejects of deliveries that ended so long ago, such as 90d" },
    pipeline: { value: "NAME", about: "of this pipeline alone" },
    table: { value: "TABLE", about: "of deliveries into this table alone" },
    run: { value: "RUN", about: "of this delivery and of its corrections alone" },
    "dry-run": { about: "only say how many there are" },
    json: { about: "print the counts as JSON" },
  },
  async run(call) {
    const { args, io, signal } = call
    if (args.operands.length > 0) throw usageError(`purge takes no operand, and was given ${args.operands[0]}.`, "purge")
    const age = args.text("older-than")
    if (age !== undefined && !/^\d{1,6}d$/.test(age)) throw usageError(`--older-than is "${age}", no number of days such as 90d.`, "purge")
    const dryRun = args.flag("dry-run")
    const options = {
      rejectsOlderThan: age === undefined ? undefined : new Date(Date.now() - Number(age.slice(0, -1)) * dayMs),
      pipeline: args.text("pipeline"),
      target: targetText(args.text("table"), "purge"),
      delivery: args.text("run"),
      dryRun,
      signal,
    }
    const report = await withLedger(call, "purge", (ledger) => purgeRejects(ledger, options))
    const whole = (value: number) => value.toLocaleString("en-US")
    const text = `${whole(report.rejects)} rejects of ${whole(report.deliveries)} deliveries ${dryRun ? "would be " : ""}removed`
    await (args.flag("json") ? io.stdout.json({ ...report, dryRun }) : io.stdout.lines([text]))
    return exitCode.ok
  },
}
