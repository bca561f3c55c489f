import { join } from "node:path"
import { RowgateError } from "../errors/rowgate-error.ts"
import { countsOf, type DeliveryReport } from "../model/run-report.ts"
import type { LedgerAccess } from "../postgres/operations/ledger-access.ts"
import { storedRejects } from "../postgres/operations/stored-rejects.ts"
import { type StoredRun, storedRun, storedRuns } from "../postgres/operations/stored-runs.ts"
import { ledgerPage } from "../report/page/ledger-page.ts"
import { reportPage } from "../report/page/report-page.ts"
import { writeText } from "./output-file.ts"
import { FirstRejects } from "./page-rejects.ts"

/** Writes the page of a delivery of the ledger. Throws `RUN_NOT_FOUND` if it has none or no report. */
export async function writeRunPage(path: string, ledger: LedgerAccess, id: string, redact: readonly string[] | undefined): Promise<void> {
  const { report, ...run } = await storedRun(ledger, id)
  if (report === undefined) throw withoutReport(run)
  await writePage(path, ledger, run, report, redact)
}

/** Writes a folder with `index.html` and a page for each of the latest deliveries that have a report. Returns the path of the index. */
export async function writeLedgerPages(
  folder: string,
  ledger: LedgerAccess,
  { limit, redact }: { readonly limit: number; readonly redact: readonly string[] | undefined },
): Promise<string> {
  const runs: StoredRun[] = []
  for await (const run of storedRuns(ledger, { limit })) runs.push(run)
  const pages: { [id: string]: string } = {}
  for (const { id } of runs) {
    const { report, ...run } = await storedRun(ledger, id)
    if (report === undefined) continue
    const name = `${id}.html`
    await writePage(join(folder, name), ledger, run, report, redact)
    pages[id] = name
  }
  const index = join(folder, "index.html")
  await writeText(index, ledgerPage(runs, { pages, createdAt: new Date() }))
  return index
}

async function writePage(
  path: string,
  ledger: LedgerAccess,
  run: StoredRun,
  report: DeliveryReport,
  redact: readonly string[] | undefined,
): Promise<void> {
  const rejects = new FirstRejects()
  for await (const reject of storedRejects(ledger, run.id)) if (!rejects.add(reject)) break
  const { invocation: runId, pipeline, target, mode, status, startedAt, finishedAt, contractVersion, corrects, replacedBy } = run
  const facts = {
    target,
    mode,
    status,
    started: startedAt.toISOString(),
    finished: finishedAt?.toISOString(),
    "contract version": contractVersion,
    "corrects delivery": corrects,
    "replaced by delivery": replacedBy,
  }
  const page = reportPage(
    { ...countsOf(report), runId, pipeline, deliveries: [report] },
    { rejects: rejects.all, redact, facts, createdAt: new Date() },
  )
  await writeText(path, page)
}

function withoutReport({ id, status, reason }: StoredRun): RowgateError {
  return new RowgateError({
    code: "RUN_NOT_FOUND",
    message: `The delivery ${id} has no report: its status is ${status}${reason === undefined ? "" : ` (${reason})`}.`,
    remedy: "Name a delivery that was loaded or refused; `rowgate runs` lists them.",
  })
}
