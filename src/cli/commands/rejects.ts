import { resolve } from "node:path"
import { counted } from "../../errors/counted.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { ColumnGuide } from "../../model/column-guide.ts"
import { reasonText } from "../../model/reason-text.ts"
import type { StoredReject, StoredRejects } from "../../model/stored-reject.ts"
import { storedRejects } from "../../postgres/operations/stored-rejects.ts"
import { correctionWorkbook } from "../../report/correction-workbook.ts"
import { rejectsCsv, rejectsNdjson } from "../../sinks/rejects-file.ts"
import type { Command, CommandCall } from "../command.ts"
import { contractGuides } from "../contract-guides.ts"
import { exitCode } from "../exit-code.ts"
import { configuration, contractOf } from "../ingest-settings.ts"
import { ledgerOptions, withLedger } from "../ledger-target.ts"
import type { Printer } from "../printer.ts"
import { countOption } from "../table-options.ts"
import { usageError } from "../usage-error.ts"

const writers = { csv: rejectsCsv, ndjson: rejectsNdjson } as const
const screenful = 20
/** A reason of the database or of a schema may quote a whole cell. */
const mostOfReason = 200
const formats = ["csv", "ndjson", "xlsx"] as const

/** `rowgate rejects RUN` */
export const rejects: Command = {
  name: "rejects",
  operands: "RUN",
  about: "Shows why rows of a delivery were rejected, or writes the rows to a file, so that you can correct and replay them.",
  notes: ["RUN is the id of a delivery; `rowgate runs` lists them. Do not change the columns _reject and _run of the file."],
  options: {
    ...ledgerOptions,
    open: { about: "only rejects that still need a correction" },
    csv: {
      value: "FILE",
      about: "write csv; anything that a spreadsheet would read as a formula gets an apostrophe, which a replay removes",
    },
    ndjson: { value: "FILE", about: "write one line of JSON for each reject, with unchanged values" },
    xlsx: { value: "FILE", about: "write a workbook with the bad cells marked, and drop-downs if there is a schema; needs exceljs" },
    schema: { value: "FILE", about: "module that exports the schema, for the drop-downs (default: that of the configuration's pipeline)" },
    limit: { value: "N", about: "at most this many (default 20 on the screen, otherwise all)" },
    json: { about: "print one line of JSON for each reject" },
  },
  examples: [
    ["rejects RUN", "shows why rows of the delivery were rejected"],
    ["rejects RUN --open --csv rejects.csv", "writes the ones that need a correction to a file"],
  ],
  async run(call) {
    const { args, io } = call
    const [id, ...others] = args.operands
    if (id === undefined || others.length > 0) throw usageError("rejects takes the id of one delivery.", "rejects")
    const files = formats.flatMap((format) => {
      const path = args.text(format)
      return path === undefined ? [] : [{ format, path: resolve(io.cwd, path) }]
    })
    const isJson = args.flag("json")
    if (isJson && files.length > 0) throw usageError("Use either --json or a file: --csv, --ndjson or --xlsx.", "rejects")
    const guides = files.some(({ format }) => format === "xlsx") ? await guidesOf(call) : []
    const limit = countOption(args, "limit", "rejects")
    const isShown = !isJson && files.length === 0
    const most = limit ?? screenful
    await withLedger(call, "rejects", async (ledger) => {
      const found = storedRejects(ledger, id, { open: args.flag("open"), limit: isShown ? most + 1 : limit })
      for (const { format, path } of files) {
        const rows = await (format === "xlsx" ? correctionWorkbook(path, found, { columns: guides }) : writers[format](path, found))
        await io.stdout.lines([`${counted(rows, "reject")}: ${path}`])
      }
      if (isJson) for await (const reject of found) if (!(await io.stdout.json(reject))) break
      if (isShown) await show(io.stdout, found, most)
    })
    return exitCode.ok
  },
}

async function guidesOf({ args, io }: CommandCall): Promise<readonly ColumnGuide[]> {
  return contractGuides(await contractOf(args.text("schema"), await configuration(args, io.cwd, "rejects"), io.cwd))
}

async function show(stdout: Printer, rejects: StoredRejects, most: number): Promise<void> {
  let shown = 0
  for await (const reject of rejects) {
    if (shown++ === most) {
      await stdout.lines(["There are more: raise --limit, or write a file with --csv, --ndjson or --xlsx."])
      return
    }
    if (!(await stdout.lines([lineOf(reject)]))) return
  }
  if (shown === 0) await stdout.lines(["no rejects"])
}

/** A reject with its reasons, which may quote cells. */
function lineOf({ number, origin, issues, correctedBy, attemptOf }: StoredReject): string {
  const { address, line, row } = origin
  const place = address ?? (line === undefined ? `row ${row}` : `line ${line}`)
  const corrected = correctedBy === undefined ? "" : ` (corrected by ${correctedBy})`
  const attempt = attemptOf === undefined ? "" : ` (attempt to correct ${attemptOf.number} of ${attemptOf.delivery})`
  return `${number}  ${place}: ${issues.map((issue) => shownText(reasonText(issue), mostOfReason)).join("; ")}${corrected}${attempt}`
}
