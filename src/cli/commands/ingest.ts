import { RowgateError } from "../../errors/rowgate-error.ts"
import { fileName } from "../../model/file-name.ts"
import { addCounts, type DeliveryReport, noRows, type RowCounts, type RunReport } from "../../model/run-report.ts"
import type { RunOptions } from "../../pipeline/run/run-options.ts"
import { ndjsonFile } from "../../sinks/ndjson-file.ts"
import type { Command, CommandCall } from "../command.ts"
import { type ExitCode, exitCode } from "../exit-code.ts"
import { type FileGroup, fileGroups } from "../file-groups.ts"
import { ingestPipeline, type SharedParts } from "../ingest-pipeline.ts"
import { type IngestSettings, ingestHeadings, ingestOptions, ingestSettings } from "../ingest-settings.ts"
import { sourceOfInputs } from "../inputs/input.ts"
import { InputFiles } from "../inputs/input-files.ts"
import { LateFaults } from "../late-faults.ts"
import { lineLogger } from "../logger.ts"
import { nextCommands } from "../next-commands.ts"
import { showOpening } from "../opening-line.ts"
import { writeOutput } from "../output-file.ts"
import { PageRejects } from "../page-rejects.ts"
import { ProgressDisplay } from "../progress.ts"
import { readingParser } from "../reading-parser.ts"
import { RejectExamples } from "../reject-examples.ts"
import { SharedSinks } from "../shared-sinks.ts"
import { isStop, type StoppedFiles, StoppedLoad } from "../stopped-load.ts"
import type { Line } from "../style.ts"
import { summaryLines } from "../summary.ts"
import { tableText } from "../table-name.ts"
import { targetName } from "../target.ts"
import { usageError } from "../usage-error.ts"

/** `rowgate ingest FILE...` */
export const ingest: Command = {
  name: "ingest",
  operands: "FILE...",
  about: "Loads the rows that pass into a table, and sets the others aside with their reasons.",
  notes: ["The format is detected from the bytes. The same bytes are loaded once."],
  options: ingestOptions,
  groups: ingestHeadings,
  examples: [
    ["ingest orders.csv", "loads the file into the table orders of an embedded database"],
    ["ingest orders.csv --plan", "shows what a load would do, and loads nothing"],
    ["ingest orders.csv --table sales --mode upsert --key 'Order No.'", "replaces the rows that have the same order number"],
    ["ingest book.xlsx --all-sheets", "loads each sheet into a table of its own"],
  ],
  loads: true,
  async run(call) {
    const { args, io, signal } = call
    if (args.operands.length === 0) throw usageError("Name at least one file to ingest.", "ingest")
    await using inputs = await InputFiles.of(args.operands, io, "ingest", signal)
    const settings = await ingestSettings(call, inputs.files)
    const { stdout, stderr } = io
    const late = new LateFaults(stderr)
    const groups = await fileGroups(inputs.files, settings, signal)
    const pageRejects = settings.html === undefined ? undefined : new PageRejects()
    const { reports, failure } = await ingestGroups(groups, settings, call, late, pageRejects)
    if (failure !== undefined && reports.length === 0) throw failure.error
    const whole = reports.length === 1 ? reports[0] : reports
    const { report } = settings
    if (report !== undefined) await late.during(report, () => writeOutput(report, whole))
    if (pageRejects !== undefined) await late.during("the page", () => writePage(groups, reports, pageRejects, settings, call))
    await late.during("the output", async () => {
      if (settings.json) await stdout.json(whole, 2)
      await stdout.flushed()
    })
    if (failure !== undefined) throw failure.error
    const code = endedWith(reports, settings)
    return code === exitCode.ok && late.any ? exitCode.unreported : code
  },
}

/** What the runs of one command came to. */
interface Ended {
  /** The report of each run. That of a run that failed has the deliveries before the failure; it is left out if there are none. */
  readonly reports: readonly RunReport[]
  readonly failure: Failure | undefined
}

interface Failure {
  readonly error: unknown
}

/** One run for each table, until one fails. What they share is closed at the end. */
async function ingestGroups(
  groups: readonly FileGroup[],
  settings: IngestSettings,
  call: CommandCall,
  late: LateFaults,
  pageRejects: PageRejects | undefined,
): Promise<Ended> {
  const { io, environment, signal } = call
  await using sinks = new SharedSinks()
  const { rejects: path } = settings
  const kept = path === undefined ? [] : [sinks.keep(late.sink(path, ndjsonFile(path)))]
  const logger = lineLogger(io.stderr, environment.logLevel)
  const reports: RunReport[] = []
  using progress = new ProgressDisplay(io.stderr, groups.flatMap(({ files }) => files).length)
  let empty: Failure | undefined
  for (const [at, group] of groups.entries()) {
    const examples = new RejectExamples()
    const parts: SharedParts = {
      sinks,
      rejects: [examples.sink(), ...kept, ...(pageRejects === undefined ? [] : [pageRejects.sink()])],
      logger,
      signal,
      opening: () => {
        progress.hold()
        showOpening(io.stderr, settings.target)
      },
    }
    const { report, failure } = await ingestGroup(group, settings, parts, call, progress)
    const target = placeOf(group, settings)
    // The other tables of its file are loaded.
    if (failure !== undefined && isEmptyPart(group, failure)) {
      empty ??= failure
      if (!settings.json)
        await late.during("the output", () => io.stdout.notes([target, "", `${labelOf(group)}: empty, nothing to load`, ""]))
      continue
    }
    const stop = failure !== undefined && isStop(failure.error, signal)
    const missed = groups
      .slice(at)
      .flatMap(({ files }) => files.map(({ name }) => name))
      .slice(report?.deliveries.length ?? 0)
    const unloaded = failure === undefined ? [] : unloadedLines(missed, stop ? "stopped" : "failed")
    if (report !== undefined) {
      const look = nextCommands(group, report, settings, call)
      const { explain } = settings
      const summary = summaryLines(report, { target, look, explain, unloaded, file: labelOf(group), examples: (uri) => examples.of(uri) })
      if (!settings.json) await late.during("the output", () => io.stdout.notes(styled(summary, look)))
      reports.push(report)
    } else if (at > 0 && !settings.json) await late.during("the output", () => io.stdout.notes([target, "", ...unloaded, ""]))
    if (stop) return { reports, failure: { error: new StoppedLoad(signal.reason, stoppedFiles(reports, missed)) } }
    if (failure !== undefined) return { reports, failure }
  }
  return { reports, failure: reports.length === 0 ? empty : undefined }
}

/** Writes the page of `--html`. Its code is loaded only then. */
async function writePage(
  groups: readonly FileGroup[],
  reports: readonly RunReport[],
  { all }: PageRejects,
  settings: IngestSettings,
  { io, signal }: CommandCall,
): Promise<void> {
  const { html = "", redact, target, contract } = settings
  const { writeLoadPage } = await import("../report-files.ts")
  const sources = groups.map(({ files, parser }) => {
    return { source: sourceOfInputs(files), parser: parser ?? (contract.kind === "pipeline" ? undefined : readingParser(settings)) }
  })
  await writeLoadPage(html, { reports, rejects: all, sources, redact, facts: { target: targetName(target) }, signal })
  if (!settings.json) await io.stdout.notes([`page: ${html}`])
}

/** Whether a group is one of several tables of a file, and has no rows. */
function isEmptyPart({ parser }: FileGroup, { error }: Failure): boolean {
  return parser !== undefined && error instanceof RowgateError && (error.code === "TABLE_EMPTY" || error.code === "SOURCE_EMPTY")
}

/** The files that a failure left out: the one that failed, and how many come after it. */
function unloadedLines([failed, ...others]: readonly string[], how: "failed" | "stopped"): readonly string[] {
  if (failed === undefined) return []
  const rest = others.length === 0 ? [] : [`${others.length === 1 ? others[0] : `${others.length} more files`}: not tried`]
  return [`${failed}: ${how}, nothing of it was loaded`, ...rest]
}

function stoppedFiles(reports: readonly RunReport[], [current, ...untried]: readonly string[]): StoppedFiles {
  const all = reports.flatMap(({ deliveries }) => deliveries)
  const namesOf = (...outcomes: readonly DeliveryReport["outcome"][]) =>
    all.flatMap(({ outcome, uri }) => (outcomes.includes(outcome) ? [fileName(uri)] : []))
  return { loaded: namesOf("loaded", "duplicate"), refused: namesOf("refused"), current, untried }
}

async function ingestGroup(
  group: FileGroup,
  settings: IngestSettings,
  parts: SharedParts,
  { environment, signal }: CommandCall,
  progress: ProgressDisplay,
): Promise<{ readonly report: RunReport | undefined; readonly failure: Failure | undefined }> {
  let report: RunReport | undefined
  const files = group.files.map((file) => ({ ...file, source: progress.watch(file.source) }))
  try {
    progress.sampling()
    const pipeline = await ingestPipeline({ ...group, files }, settings, parts)
    progress.loading()
    parts.opening?.()
    const options: RunOptions = {
      signal,
      asOf: settings.asOf,
      reload: settings.reload,
      explain: settings.explain,
      weights: environment.weights,
      onProgress: (event) => progress.show(event),
      onDelivery: (soFar) => {
        progress.delivered(soFar, files.length > 1)
        report = soFar
      },
    }
    return { report: await (settings.dryRun ? pipeline.plan(options) : pipeline.run(options)), failure: undefined }
  } catch (error) {
    return { report, failure: { error } }
  } finally {
    progress.clear()
  }
}

/** What a summary calls the table of a file that has several. */
function labelOf({ files, parser }: FileGroup): string | undefined {
  return parser === undefined ? undefined : files[0]?.name
}

function placeOf({ table }: FileGroup, { target }: IngestSettings): string {
  return target.kind === "ndjson" ? targetName(target) : `${targetName(target)}, table ${tableText(table)}`
}

/** The heading stands out, and so do the commands to type next. */
function styled([heading = "", ...lines]: readonly string[], look: readonly string[]): readonly Line[] {
  return [[{ text: heading, style: "bold" }], ...lines.map((line): Line => (look.includes(line) ? [{ text: line, style: "cyan" }] : line))]
}

function endedWith(reports: readonly RunReport[], { failOnRejects }: IngestSettings): ExitCode {
  const refused = reports.some(({ deliveries }) => deliveries.some(({ outcome }) => outcome === "refused"))
  if (refused) return exitCode.refused
  const { rejected } = reports.reduce<RowCounts>(addCounts, noRows)
  return failOnRejects && rejected > 0 ? exitCode.rejects : exitCode.ok
}
