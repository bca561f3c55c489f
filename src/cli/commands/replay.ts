import { resolve } from "node:path"
import { storedContract } from "../../pipeline/tables/stored-contract.ts"
import { storedRun } from "../../postgres/operations/stored-runs.ts"
import type { TableName } from "../../postgres/sql/quoted-names.ts"
import { file } from "../../sources/file.ts"
import type { Command } from "../command.ts"
import { type ExitCode, exitCode } from "../exit-code.ts"
import { ingestPipeline } from "../ingest-pipeline.ts"
import { ingestHeadings, ingestOptions, ingestSettings } from "../ingest-settings.ts"
import { localInput } from "../inputs/input.ts"
import { LateFaults } from "../late-faults.ts"
import { withLedger } from "../ledger-target.ts"
import { lineLogger } from "../logger.ts"
import { writeOutput } from "../output-file.ts"
import { RejectExamples } from "../reject-examples.ts"
import { SharedSinks } from "../shared-sinks.ts"
import { summaryLines } from "../summary.ts"
import { tableText } from "../table-name.ts"
import { targetName } from "../target.ts"
import { usageError } from "../usage-error.ts"

/** The options of `ingest`, without those about the file or about earlier loads. */
const {
  sheet,
  all: _all,
  "all-sheets": _allSheets,
  path: _path,
  delimiter,
  quote,
  encoding,
  skip,
  footer,
  ragged,
  header,
  "no-header": noHeader,
  rejects,
  reload,
  locale: _locale,
  "create-table": createTable,
  "on-target-empty": onTargetEmpty,
  "on-all-rejected": onAllRejected,
  "on-unreadable-key": onUnreadableKey,
  ...options
} = ingestOptions

/** `rowgate replay RUN FILE` */
export const replay: Command = {
  name: "replay",
  operands: "RUN FILE",
  about: "Loads rejected rows of a delivery after you corrected them in a file that `rowgate rejects` wrote.",
  notes: [
    "The rows go through the pipeline of the delivery: name it with --config or --schema. Without a contract, they are read as its file was.",
    "A reject can be corrected once.",
  ],
  options,
  groups: ingestHeadings,
  examples: [["replay RUN rejects.csv", "loads the rows that you corrected in the file"]],
  loads: true,
  async run(call) {
    const { args, io, environment, signal } = call
    const [id, path, ...others] = args.operands
    if (id === undefined || path === undefined || others.length > 0)
      throw usageError("replay takes the id of a delivery and a file.", "replay")
    const settings = await ingestSettings(call, [localInput(path, io.cwd)])
    const delivery = await withLedger(call, "replay", (ledger) => storedRun(ledger, id))
    const inferred = storedContract(delivery.report?.plan ?? {})
    if (settings.contract.kind === "inferred" && inferred === undefined)
      throw usageError("The rows must pass the contract of their delivery. Name it with --config or --schema.", "replay")
    const place = settings.table ?? placeOf(delivery.target)
    await using sinks = new SharedSinks()
    const examples = new RejectExamples()
    const parts = { sinks, rejects: [examples.sink()], logger: lineLogger(io.stderr, environment.logLevel), signal }
    const group = { table: place, files: [localInput(path, io.cwd)], inferred }
    const pipeline = await ingestPipeline(group, { ...settings, name: settings.name ?? delivery.pipeline }, parts)
    const replayed = await pipeline.replay(id, file(resolve(io.cwd, path)), {
      signal,
      asOf: settings.asOf,
      dryRun: settings.dryRun,
      weights: environment.weights,
    })
    const { report } = settings
    const late = new LateFaults(io.stderr)
    if (report !== undefined) await late.during(report, () => writeOutput(report, replayed))
    const target = `${targetName(settings.target)}, table ${tableText(place)}`
    const summary = summaryLines(replayed, {
      target,
      look: nextCommand(call.program, id, replayed.rejected),
      examples: (uri) => examples.of(uri),
    })
    await late.during("the output", async () => {
      await (settings.json ? io.stdout.json(replayed, 2) : io.stdout.notes(summary))
      await io.stdout.flushed()
    })
    if (replayed.deliveries.some(({ outcome }) => outcome === "refused")) return exitCode.refused
    const code = endedWith(settings.failOnRejects, replayed.rejected)
    return code === exitCode.ok && late.any ? exitCode.unreported : code
  },
}

/** The delivery's own table. Its schema is the part before the first dot. */
function placeOf(target: string): TableName {
  const dot = target.indexOf(".")
  return { schema: target.slice(0, dot), table: target.slice(dot + 1) }
}

function nextCommand(program: string, id: string, rejected: number): readonly string[] {
  return rejected === 0 ? [] : [`still open: ${program} rejects ${id} --open`]
}

function endedWith(failOnRejects: boolean, rejected: number): ExitCode {
  return failOnRejects && rejected > 0 ? exitCode.rejects : exitCode.ok
}
