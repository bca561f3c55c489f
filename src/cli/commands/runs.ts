import { fileName } from "../../model/file-name.ts"
import { type RunStatus, type StoredRun, storedRuns } from "../../postgres/operations/stored-runs.ts"
import type { Command } from "../command.ts"
import { exitCode } from "../exit-code.ts"
import { ledgerOptions, withLedger } from "../ledger-target.ts"
import { targetText } from "../table-name.ts"
import { countOption, instantOption } from "../table-options.ts"
import { textTable } from "../text-table.ts"
import { usageError } from "../usage-error.ts"

const statuses = ["running", "lost", "committed", "refused", "failed", "replaced"] as const satisfies readonly RunStatus[]
const header = ["STARTED", "STATUS", "PIPELINE", "TARGET", "FILE", "READ", "LOADED", "REJECTED", "OPEN", "SCORE", "ID"]

/** `rowgate runs` */
export const runs: Command = {
  name: "runs",
  operands: "",
  about: "Lists the deliveries of a ledger, newest first.",
  options: {
    ...ledgerOptions,
    pipeline: { value: "NAME", about: "only deliveries of this pipeline" },
    table: { value: "TABLE", about: "only deliveries into this table" },
    status: { value: "STATUS", values: statuses, about: "running, lost, committed, refused, failed or replaced" },
    since: { value: "TIME", about: "only deliveries that started at this time or later, such as 2026-01-31" },
    limit: { value: "N", about: "at most this many (default 20)" },
    json: { about: "print one line of JSON for each delivery" },
  },
  examples: [
    ["runs", "lists the newest deliveries, with their ids"],
    ["runs --status refused --since 2026-01-31", "lists the ones that a gate refused since then"],
  ],
  async run(call) {
    const { args, io } = call
    if (args.operands.length > 0) throw usageError(`runs takes no operand, but got ${args.operands[0]}.`, "runs")
    const options = {
      pipeline: args.text("pipeline"),
      target: targetText(args.text("table"), "runs"),
      status: args.oneOf("status", statuses),
      since: instantOption(args, "since", "runs"),
      limit: countOption(args, "limit", "runs") ?? 20,
    }
    const isJson = args.flag("json")
    const lines: string[][] = []
    await withLedger(call, "runs", async (ledger) => {
      for await (const run of storedRuns(ledger, options)) {
        if (!isJson) lines.push(lineOf(run))
        else if (!(await io.stdout.json(run))) break
      }
    })
    if (!isJson) await io.stdout.lines(lines.length === 0 ? ["no deliveries"] : textTable(header, lines))
    return exitCode.ok
  },
}

function lineOf(run: StoredRun): string[] {
  const { startedAt, status, pipeline, target, uri, sourceTable, read, loaded, rejected, score, id } = run
  const whole = (value: number) => value.toLocaleString("en-US")
  const started = startedAt.toISOString().slice(0, 19).replace("T", " ")
  const points = typeof score === "number" ? score.toFixed(1) : ""
  return [
    started,
    status,
    pipeline,
    target,
    sourceTable === undefined ? fileName(uri) : `${fileName(uri)}, ${sourceTable}`,
    whole(read),
    whole(loaded),
    whole(rejected),
    whole(openRejects(run)),
    points,
    id,
  ]
}

/** How many rejects still need a correction: none of a correction itself, or of a delivery that is not loaded. */
function openRejects({ status, rejected, corrected, corrects, purgedAt }: StoredRun): number {
  return status === "committed" && corrects === undefined && purgedAt === undefined ? rejected - corrected : 0
}
