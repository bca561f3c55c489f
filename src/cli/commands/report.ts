import { resolve } from "node:path"
import type { Command, CommandCall } from "../command.ts"
import { type ExitCode, exitCode } from "../exit-code.ts"
import { InputFiles } from "../inputs/input-files.ts"
import { ledgerOptions, withLedger } from "../ledger-target.ts"
import { requireWritable } from "../output-file.ts"
import { countOption } from "../table-options.ts"
import { usageError } from "../usage-error.ts"

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const usualFile = "rowgate-report.html"
const usualFolder = "rowgate-report"
const usualDeliveries = 200

/** `rowgate report RUN|FILE` */
export const report: Command = {
  name: "report",
  operands: "RUN|FILE",
  about: "Writes a report page: one file of HTML that shows a delivery, a saved report, or what is in a file.",
  notes: [
    "RUN is the id of a delivery; `rowgate runs` lists them. FILE is the JSON of `rowgate ingest --report` or --json, or any file to profile.",
    "--ledger without RUN writes a folder: index.html lists the deliveries of the ledger, and each has a page.",
  ],
  options: {
    out: { value: "PATH", about: `the file to write (default ${usualFile}), or with --ledger the folder (default ${usualFolder})` },
    ledger: { about: "read the ledger: the delivery RUN, or without RUN the latest deliveries" },
    redact: { value: "A,B", about: "columns whose values are not shown" },
    limit: { value: "N", about: `with --ledger, at most this many deliveries (default ${usualDeliveries})` },
    ...ledgerOptions,
  },
  async run(call) {
    const { operands } = call.args
    const isLedger = call.args.flag("ledger")
    const [operand, ...others] = operands
    if (others.length > 0) throw usageError("report takes one delivery or one file.", "report")
    if (operand === undefined && !isLedger) throw usageError("Name a delivery or a file, or use --ledger.", "report")
    if (call.args.has("limit") && (operand !== undefined || !isLedger))
      throw usageError("--limit goes with --ledger, without a delivery.", "report")
    if (operand === undefined) return await reportLedger(call)
    const path = resolve(call.io.cwd, call.args.text("out") ?? usualFile)
    await requireWritable(path, "html", "report")
    if (isLedger || uuid.test(operand)) await reportRun(call, operand, path)
    else await reportFile(call, operand, path)
    await call.io.stdout.lines([`page: ${path}`])
    return exitCode.ok
  },
}

async function reportLedger(call: CommandCall): Promise<ExitCode> {
  const { args, io } = call
  const folder = resolve(io.cwd, args.text("out") ?? usualFolder)
  await requireWritable(resolve(folder, "index.html"), "html", "report")
  const limit = countOption(args, "limit", "report") ?? usualDeliveries
  const { writeLedgerPages } = await import("../ledger-pages.ts")
  const page = await withLedger(call, "report", (ledger) => writeLedgerPages(folder, ledger, { limit, redact: args.names("redact") }))
  await io.stdout.lines([`page: ${page}`])
  return exitCode.ok
}

async function reportRun(call: CommandCall, id: string, path: string): Promise<void> {
  const { writeRunPage } = await import("../ledger-pages.ts")
  await withLedger(call, "report", (ledger) => writeRunPage(path, ledger, id, call.args.names("redact")))
}

async function reportFile({ args, io, signal }: CommandCall, operand: string, path: string): Promise<void> {
  await using inputs = await InputFiles.of([operand], io, "report", signal)
  const { writeFilePage } = await import("../report-files.ts")
  await writeFilePage(path, inputs.files, { redact: args.names("redact"), signal })
}
