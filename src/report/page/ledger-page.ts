import { shownText } from "../../errors/shown-text.ts"
import { fileName } from "../../model/file-name.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { instant, list, record, text } from "../../options/option-kinds.ts"
import type { StoredRun } from "../../postgres/operations/stored-runs.ts"
import { fitting } from "./budget.ts"
import { sparkline } from "./charts.ts"
import { type Html, html } from "./html.ts"
import { points, whole } from "./number-text.ts"
import { pageShell, timeText } from "./page-shell.ts"
import { storedRunKind } from "./report-kinds.ts"
import { searchBox } from "./search-box.ts"

/** Options of `ledgerPage`. */
export interface LedgerPageOptions {
  /** The page of each delivery, by its id: the name of a file in the same folder, of letters, digits, `.`, `_` and `-`. Default: none is linked. */
  readonly pages?: { readonly [id: string]: string | undefined } | undefined
  /** The time to put into the page. Default: none. */
  readonly createdAt?: Date | undefined
}

const bytesOfPipelines = 60_000
const bytesOfRuns = 200_000
const mostOfName = 80
const mostOfReason = 160
const mostScores = 40

/**
 * Makes a page of HTML that lists the deliveries of a ledger, as `storedRuns` yields them, with the latest first: for each pipeline the score over time and the rejects that
 * wait for a correction, and then every delivery. It is bounded in size and loads nothing.
 */
export function ledgerPage(runs: readonly StoredRun[], options: LedgerPageOptions = {}): string {
  checkArgument("ledgerPage()", runs, list(storedRunKind(), "a list of deliveries, as storedRuns() yields them"))
  checkOptions("ledgerPage()", options, { pages: record(text(), "an object of file names"), createdAt: instant() })
  const { pages = {}, createdAt } = options
  const open = runs.reduce((sum, run) => sum + openRejects(run), 0)
  const deliveries = `${whole(runs.length)} ${runs.length === 1 ? "delivery" : "deliveries"}`
  const waiting =
    open === 0
      ? "no rejected row waits for a correction"
      : `${whole(open)} rejected ${open === 1 ? "row waits" : "rows wait"} for a correction`
  return pageShell({
    title: "Deliveries \u2013 rowgate",
    sections: [
      { id: "pipelines", title: "Pipelines" },
      { id: "deliveries", title: "Deliveries" },
    ],
    header: html`<p class="brand"><b>rowgate</b> \u00b7 ledger</p><h1>Deliveries</h1><p class="lead">${deliveries}; ${waiting}.</p>`,
    main: html`${pipelinesSection(runs)}${runsSection(runs, pages)}`,
    createdAt,
  })
}

function pipelinesSection(runs: readonly StoredRun[]): Html {
  const byPipeline = new Map<string, StoredRun[]>()
  for (const run of runs) {
    const known = byPipeline.get(run.pipeline)
    if (known === undefined) byPipeline.set(run.pipeline, [run])
    else known.push(run)
  }
  const { shown, left } = fitting([...byPipeline], bytesOfPipelines, ([name, own]) => {
    const scores = own
      .flatMap(({ score, status }) => (typeof score === "number" && status === "committed" ? [score] : []))
      .slice(0, mostScores)
    const sum = (count: (run: StoredRun) => number) => own.reduce((total, run) => total + count(run), 0)
    const open = sum(openRejects)
    const failed = own.filter(({ status }) => status === "failed" || status === "refused" || status === "lost").length
    return html`<tr><th scope="row">${shownText(name, mostOfName)}</th><td class="n">${whole(own.length)}</td><td class="n">${whole(sum(({ loaded }) => loaded))}</td><td class="n${open > 0 ? " bad" : ""}">${whole(
      open,
    )}</td><td class="n${failed > 0 ? " bad" : ""}">${whole(failed)}</td><td class="n">${scores[0] !== undefined && points(scores[0])}</td><td>${sparkline(scores.toReversed())}</td></tr>`
  })
  return html`<section id="pipelines"><h2>Pipelines</h2><div class="scroll" tabindex="0" role="group" aria-label="Pipelines"><table class="trend"><caption class="sr">Pipelines with their scores</caption><thead><tr><th scope="col">Pipeline</th><th scope="col" class="n">Deliveries</th><th scope="col" class="n">Rows loaded</th><th scope="col" class="n">Open rejects</th><th scope="col" class="n">Not loaded</th><th scope="col" class="n">Last score</th><th scope="col">Trend</th></tr></thead><tbody>${shown}</tbody></table></div>${
    left > 0 && html`<p class="note">${whole(left)} more pipelines are not listed.</p>`
  }</section>`
}

function runsSection(runs: readonly StoredRun[], pages: NonNullable<LedgerPageOptions["pages"]>): Html {
  const { shown, left } = fitting(runs, bytesOfRuns, (run) => {
    const { id, startedAt, status, pipeline, uri, sourceTable, read, loaded, rejected, score, reason } = run
    const file = shownText(sourceTable === undefined ? fileName(uri) : `${fileName(uri)}, ${sourceTable}`, mostOfName)
    const page = pageName(pages, id)
    const isBad = status === "failed" || status === "refused" || status === "lost"
    return html`<tr><th scope="row">${page === undefined ? file : html`<a href="./${page}">${file}</a>`}</th><td>${shownText(pipeline, mostOfName)}</td><td class="soft"><time datetime="${startedAt.toISOString()}">${timeText(
      startedAt,
    )}</time></td><td>${isBad ? html`<span class="bad">${status}</span>` : status}${
      reason !== undefined && html`<br><span class="note">${shownText(reason, mostOfReason)}</span>`
    }</td><td class="n">${whole(read)}</td><td class="n">${whole(loaded)}</td><td class="n">${whole(rejected)}</td><td class="n">${whole(openRejects(run))}</td><td class="n">${typeof score === "number" && points(score)}</td></tr>`
  })
  const said = left === 0 ? "The latest first" : `The latest ${whole(shown.length)} of ${whole(runs.length)}`
  return html`<section id="deliveries"><h2>Deliveries</h2>
${searchBox({ label: "Search deliveries", target: "deliveries-list", said, isNeeded: shown.length > 8 })}
<div class="scroll" tabindex="0" role="group" aria-label="Deliveries"><table><caption class="sr">Deliveries</caption><thead><tr><th scope="col">File</th><th scope="col">Pipeline</th><th scope="col">Started</th><th scope="col">Status</th><th scope="col" class="n">Read</th><th scope="col" class="n">Loaded</th><th scope="col" class="n">Rejected</th><th scope="col" class="n">Open</th><th scope="col" class="n">Score</th></tr></thead><tbody id="deliveries-list">${shown}</tbody></table></div></section>`
}

/** A name that cannot leave the folder or be the address of something else. */
function pageName(pages: NonNullable<LedgerPageOptions["pages"]>, id: string): string | undefined {
  const name = Object.hasOwn(pages, id) ? pages[id] : undefined
  return name !== undefined && /^\w[\w.-]*$/.test(name) ? name : undefined
}

/** How many rejects still need a correction: none of a correction itself, or of a delivery that is not loaded. */
function openRejects({ status, rejected, corrected, corrects, purgedAt }: StoredRun): number {
  return status === "committed" && corrects === undefined && purgedAt === undefined ? rejected - corrected : 0
}
