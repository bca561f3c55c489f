import { shownText } from "../../errors/shown-text.ts"
import { fileName } from "../../model/file-name.ts"
import type { Reject } from "../../model/reject.ts"
import { addCounts, type DeliveryReport, noRows, type RowCounts, type RunReport } from "../../model/run-report.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import { instant, list, record, text } from "../../options/option-kinds.ts"
import type { SourceTableProfile } from "../../pipeline/tables/profile.ts"
import { fitting } from "./budget.ts"
import { columnTiles, type TileParts } from "./column-tiles.ts"
import { driftSection } from "./drift-section.ts"
import { changesSection, factsSection } from "./facts-section.ts"
import { fixSection } from "./fix-section.ts"
import { type Html, html } from "./html.ts"
import { normalizedSection } from "./normalized-section.ts"
import { noticesSection } from "./notices-section.ts"
import { points, rowsText, whole } from "./number-text.ts"
import { outcomeSentence, rowFates } from "./outcome-section.ts"
import type { PageDelivery } from "./page-delivery.ts"
import { pageShell } from "./page-shell.ts"
import { inferredColumns } from "./reading-facts.ts"
import { readingSection } from "./reading-section.ts"
import { PageRedaction } from "./redaction.ts"
import { rejectsSection } from "./rejects-section.ts"
import { profilesKind, rejectListKind, reportKind } from "./report-kinds.ts"
import { rulesSection } from "./rules-section.ts"
import { scoreFigure } from "./score-section.ts"

/** Options of `reportPage`. */
export interface ReportPageOptions {
  /** Rejected rows to show with their cells. The page shows as many of the first ones as fit, and says so. Default: none; reasons are counted anyway. */
  readonly rejects?: readonly Reject[] | undefined
  /** Profiles of the files, as `profile` of `rowgate/profile` returns them, for distributions, patterns and frequent values. Default: none. */
  readonly profiles?: readonly SourceTableProfile[] | undefined
  /** Columns whose values are not shown, by their names in the file or in the rows. Default: none. */
  readonly redact?: readonly string[] | undefined
  /** More facts of the run to list, such as its target. Default: none. */
  readonly facts?: { readonly [name: string]: string | undefined } | undefined
  /** The time to put into the page. Default: none, so that the same report gives the same page. */
  readonly createdAt?: Date | undefined
}

/** The deliveries of a page that are shown in full. */
const mostInFull = 6
/** The share of the bytes of a single delivery that several have together. */
const shareOfAll = 0.6
/** The bytes of the list of deliveries. */
const bytesOfList = 30_000
const mostOfName = 120

/**
 * Makes a page of HTML from the report of a run, or from several reports: outcome, score, what to fix first, columns, rejects, rules, what normalizing
 * changed, and how the file was read. The page is one file that loads nothing. Its size is bounded however large the run is, counts are exact, and
 * values of the file are texts in it.
 *
 * Throws `CONFIG_INVALID` if `report` is not a report.
 *
 * ```ts typecheck
 * import { writeFile } from "node:fs/promises"
 * import { createPipeline, memory } from "rowgate"
 * import { reportPage } from "rowgate/report"
 *
 * const report = await createPipeline({ name: "orders" }).from("orders.csv").into(memory()).run()
 * await writeFile("report.html", reportPage(report))
 * ```
 */
export function reportPage(report: RunReport | readonly RunReport[], options: ReportPageOptions = {}): string {
  checkArgument("reportPage()", report, reportKind())
  checkOptions("reportPage()", options, {
    rejects: rejectListKind(),
    profiles: profilesKind(),
    redact: list(text()),
    facts: record(text(), "an object of texts"),
    createdAt: instant(),
  })
  const runs: readonly RunReport[] = Array.isArray(report) ? report : [report as RunReport]
  const all = runs.flatMap((run) => run.deliveries.map((delivery) => ({ run, delivery })))
  const inFull = all.slice(0, mostInFull)
  const parts = inFull.map(({ run, delivery }, at) => deliveryParts(run, delivery, at, inFull.length, options))
  const [only] = parts
  const isSingle = only !== undefined && all.length === 1
  const title = isSingle ? only.file : `${whole(all.length)} ${all.length === 1 ? "delivery" : "deliveries"}`
  const first = isSingle ? deliverySections(only, runFacts(runs[0], options)) : undefined
  const main =
    first === undefined
      ? html`${overview(all)}${parts.map((each) => article(each, runFacts(all[parts.indexOf(each)]?.run, options)))}`
      : html`${first.map(({ code }) => code)}`
  return pageShell({
    title: `${shownText(title, mostOfName)} \u2013 rowgate`,
    sections: first?.flatMap(({ id, title: name }) => (name === undefined ? [] : [{ id, title: name }])) ?? [],
    header: pageHeader(runs, title, isSingle ? outcomeSentence(only.delivery) : runsSentence(runs)),
    main,
    createdAt: options.createdAt,
  })
}

function deliveryParts(
  { pipeline: _ }: RunReport,
  delivery: DeliveryReport,
  at: number,
  of: number,
  { rejects = [], profiles = [], redact = [] }: ReportPageOptions,
): PageDelivery {
  return {
    id: `d${at + 1}`,
    file: fileOf(delivery),
    delivery,
    profile: profileOf(delivery, profiles),
    rejects: rejects.filter(({ origin }) => origin.uri === delivery.uri || of === 1),
    redaction: new PageRedaction(redact, delivery.columns ?? []),
    share: of === 1 ? 1 : shareOfAll / of,
  }
}

function fileOf({ uri, sourceTable }: DeliveryReport): string {
  return sourceTable === undefined ? fileName(uri) : `${fileName(uri)}, ${sourceTable}`
}

/** The profile of the table that was delivered: of its file, and with most of its columns. */
function profileOf({ uri, columns = [] }: DeliveryReport, profiles: readonly SourceTableProfile[]): SourceTableProfile | undefined {
  const headers = new Set(columns.flatMap(({ header }) => (header === null ? [] : [header])))
  const common = (profile: SourceTableProfile) => profile.columns.filter(({ name }) => headers.has(name)).length
  const [best] = profiles.filter((profile) => profile.uri === uri).sort((one, other) => common(other) - common(one))
  return best !== undefined && common(best) > 0 ? best : undefined
}

function runFacts(run: RunReport | undefined, { facts = {} }: ReportPageOptions): readonly (readonly [string, string])[] {
  const given = Object.entries(facts).flatMap(([name, value]): readonly (readonly [string, string])[] =>
    value === undefined ? [] : [[name, value]],
  )
  return run === undefined ? given : [["pipeline", run.pipeline], ["run", run.runId], ...given]
}

interface PageSection {
  readonly id: string
  /** Its name in the list of sections. */
  readonly title?: string
  readonly code: Html
}

function deliverySections(parts: PageDelivery, facts: readonly (readonly [string, string])[]): readonly PageSection[] {
  const { id } = parts
  const rejects = rejectsSection(parts)
  const named = (part: string, title: string, code: Html | undefined): readonly PageSection[] =>
    code === undefined ? [] : [{ id: `${id}-${part}`, title, code }]
  return [
    { id, code: hero(parts) },
    ...named("changes", "Changes", changesSection(parts)),
    ...named("fix", "Fix first", fixSection(parts, rejects?.places ?? new Map())),
    ...named("drift", "Drift", driftSection(parts)),
    ...named("columns", "Columns", columnTiles(tileParts(parts))),
    ...named("rejects", "Rejected rows", rejects?.code),
    ...named("rules", "Rules", rulesSection(parts)),
    ...named("changed", "Normalizing", normalizedSection(parts)),
    ...named("notices", "Notices", noticesSection(parts)),
    ...named("reading", "Reading", readingSection(parts)),
    ...named("facts", "Facts", factsSection(parts, facts)),
  ]
}

function tileParts({ id, delivery, profile, redaction, share }: PageDelivery): TileParts {
  const { columns: reports = [], score, plan, read } = delivery
  return { id, reports, qualities: score?.columns ?? [], profile, inferred: inferredColumns(plan), read, redaction, share }
}

function hero({ id, delivery }: PageDelivery): Html {
  const { score, outcome, issues } = delivery
  const isRefusedByDatabase = Object.keys(issues).some((code) => code.startsWith("postgres."))
  return html`<section id="${id}"><div class="hero">${rowFates(delivery, outcome === "dry")}${
    score === undefined ? html`<p class="soft">There is no score, because the rows were not read.</p>` : scoreFigure(score)
  }</div>${score !== undefined && isRefusedByDatabase && html`<p class="note">The score is of the rows as they were read; what the database refused does not count.</p>`}</section>`
}

function article(parts: PageDelivery, facts: readonly (readonly [string, string])[]): Html {
  return html`<article id="${parts.id}-all" aria-labelledby="${parts.id}-h"><h2 id="${parts.id}-h">${shownText(parts.file, mostOfName)}</h2><p class="lead">${outcomeSentence(
    parts.delivery,
  )}</p>${deliverySections(parts, facts).map(({ code }) => code)}</article>`
}

function pageHeader(runs: readonly RunReport[], title: string, sentence: string): Html {
  const names = [...new Set(runs.map(({ pipeline }) => pipeline))]
  const shown = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ")
  return html`<p class="brand"><b>rowgate</b> \u00b7 ${shownText(shown, mostOfName)}</p><h1>${shownText(title, mostOfName)}</h1><p class="lead">${sentence}</p>`
}

function runsSentence(runs: readonly RunReport[]): string {
  const { read, loaded, rejected } = runs.reduce<RowCounts>(addCounts, noRows)
  return `${rowsText(read)} read, ${whole(loaded)} loaded, ${whole(rejected)} set aside.`
}

function overview(all: readonly { readonly delivery: DeliveryReport }[]): Html {
  const { shown, left } = fitting(all, bytesOfList, ({ delivery }, at) => {
    const { outcome, read, loaded, rejected, score } = delivery
    const name = shownText(fileOf(delivery), mostOfName)
    return html`<tr><th scope="row">${at < mostInFull ? html`<a href="#d${at + 1}-all">${name}</a>` : name}</th><td>${outcome}</td><td class="n">${whole(
      read,
    )}</td><td class="n">${whole(loaded)}</td><td class="n">${whole(rejected)}</td><td class="n">${typeof score?.overall === "number" && points(score.overall)}</td></tr>`
  })
  return html`<section><div class="scroll" tabindex="0" role="group" aria-label="All deliveries"><table><caption class="sr">The deliveries of the run</caption><thead><tr><th scope="col">File</th><th scope="col">Outcome</th><th scope="col" class="n">Read</th><th scope="col" class="n">Loaded</th><th scope="col" class="n">Rejected</th><th scope="col" class="n">Score</th></tr></thead><tbody>${shown}</tbody></table></div>${
    left > 0 && html`<p class="note">${whole(left)} more deliveries are in the report as JSON.</p>`
  }${all.length > mostInFull && html`<p class="note">The first ${mostInFull} are shown in full below.</p>`}</section>`
}
