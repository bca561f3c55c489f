import { shownText } from "../../errors/shown-text.ts"
import type { ColumnReport } from "../../model/column-report.ts"
import type { ColumnQuality } from "../../model/scorecard.ts"
import type { ColumnProfile, TableProfile } from "../../profile/table-profile.ts"
import { fitting } from "./budget.ts"
import { bar, countTable, spread } from "./charts.ts"
import { type Html, html } from "./html.ts"
import { points, rowsText, shareText, shortNumber, whole } from "./number-text.ts"
import type { InferredColumn } from "./reading-facts.ts"
import type { PageRedaction } from "./redaction.ts"
import { searchBox } from "./search-box.ts"
import { valueHtml } from "./value-text.ts"

const bytes = 72_000
const bytesOfRest = 22_000
const mostName = 60
const mostOfRemark = 240
const mostTop = 5
const mostPatterns = 4
/** Frequent values that are fewer cells than this share say little. */
const leastTopShare = 0.15
const mostSuspects = 3
/** A list that fits a screen needs no search. */
const fewColumns = 9

/** What the page knows of one column. */
interface TileColumn {
  readonly name: string
  /** Its header in the file, if that is another text. */
  readonly header: string | undefined
  readonly report: ColumnReport | undefined
  readonly quality: ColumnQuality | undefined
  readonly profile: ColumnProfile | undefined
  readonly inferred: InferredColumn | undefined
  readonly isHidden: boolean
}

/** What tiles are made of. */
export interface TileParts {
  /** Begins the ids of the section. */
  readonly id: string
  readonly reports: readonly ColumnReport[]
  readonly qualities: readonly ColumnQuality[]
  readonly profile: TableProfile | undefined
  readonly inferred: readonly InferredColumn[]
  /** How many rows were read; more than were profiled if the profile is of the first ones. */
  readonly read: number
  readonly redaction: PageRedaction
  /** The share of the page's bytes that the section may take, 0 to 1. */
  readonly share: number
}

/** A tile for each column of the file. Undefined if nothing is known of columns. */
export function columnTiles({ id, reports, qualities, profile, inferred, read, share, redaction }: TileParts): Html | undefined {
  const columns = tileColumns(reports, qualities, profile?.columns ?? [], inferred, redaction)
  if (columns.length === 0) return undefined
  const { shown, left } = fitting(columns, bytes * share, tile)
  const rest = columns.slice(shown.length)
  const sampled = profile !== undefined && profile.rows < read ? `; distributions are of the first ${rowsText(profile.rows)}` : ""
  const said = `${whole(columns.length)} ${columns.length === 1 ? "column" : "columns"}${sampled}`
  return html`<section id="${id}-columns"><h2>Columns</h2>
${searchBox({ label: "Search columns", target: `${id}-columns-list`, said, isNeeded: shown.length > fewColumns })}
<ul class="tiles" id="${id}-columns-list">${shown}</ul>
${left > 0 && restTable(rest, bytesOfRest * share)}</section>`
}

function tileColumns(
  reports: readonly ColumnReport[],
  qualities: readonly ColumnQuality[],
  profiles: readonly ColumnProfile[],
  inferred: readonly InferredColumn[],
  redaction: PageRedaction,
): readonly TileColumn[] {
  const quality = new Map(qualities.map((each) => [each.column, each]))
  const profile = new Map(profiles.map((each) => [each.name, each]))
  const found = new Map(inferred.map((each) => [each.column, each]))
  if (reports.length === 0) {
    return profiles.map((each) => {
      const { name } = each
      return {
        name,
        header: undefined,
        report: undefined,
        quality: quality.get(name),
        profile: each,
        inferred: found.get(name),
        isHidden: redaction.hides(name),
      }
    })
  }
  return reports.map((report) => {
    const { name, header } = report
    const shown = name ?? header ?? ""
    return {
      name: shown,
      header: header === null || header === shown ? undefined : header,
      report,
      quality: quality.get(shown),
      profile: profile.get(header ?? shown),
      inferred: found.get(shown),
      isHidden: redaction.hides(shown) || (header !== null && redaction.hides(header)),
    }
  })
}

function tile(column: TileColumn): Html {
  const { name, header, report, profile, isHidden } = column
  const kind = report?.kind ?? profile?.kind
  const errors = report?.errors ?? 0
  return html`<li class="tile"><div><div class="head"><h3>${shownText(name, mostName)}</h3><span class="chip">${kind ?? "unknown kind"}</span></div>
${header !== undefined && html`<p class="soft">in the file: ${shownText(header, mostName)}</p>`}${report?.name === null && html`<p class="soft">not loaded</p>`}${
  report?.header === null && html`<p class="soft">not in the file</p>`
}</div>
${figures(column)}
${isHidden ? html`<p class="soft">The values of this column are hidden.</p>` : profile !== undefined && pictures(profile)}
${remarks(column, errors)}</li>`
}

function figures({ report, quality, profile }: TileColumn): Html {
  const fill = profile?.fill ?? (typeof quality?.fill === "number" ? quality.fill / 100 : undefined)
  const distinct = profile === undefined ? distinctOf(quality) : undefined
  const figure = (name: string, value: Html | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  return html`${fill !== undefined && bar(fill)}<dl>${fill !== undefined && figure("filled", shareText(fill))}${
    profile !== undefined && figure("distinct", `${profile.exact ? "" : "~"}${whole(profile.distinct)}`)
  }${distinct !== undefined && figure("distinct", whole(distinct))}${typeof quality?.score === "number" && figure("score", points(quality.score))}${
    (report?.errors ?? 0) > 0 && figure("errors", whole(report?.errors ?? 0))
  }${(report?.warnings ?? 0) > 0 && figure("warnings", whole(report?.warnings ?? 0))}${(report?.nulls ?? 0) > 0 && figure("read as null", whole(report?.nulls ?? 0))}</dl>`
}

/** Scorecards of later versions count distinct values. */
function distinctOf(quality: object | undefined): number | undefined {
  return quality !== undefined && "distinct" in quality && typeof quality.distinct === "number" ? quality.distinct : undefined
}

/** The distribution, or what tells most of a column without one: its frequent values, or the patterns of values that hardly repeat. */
function pictures(profile: ColumnProfile): Html {
  const { filled, distinct, top, patterns, lengths } = profile
  const drawn = spread(profile)
  const topCount = top.slice(0, mostTop).reduce((sum, { count }) => sum + count, 0)
  const isRepeating = distinct < filled && topCount >= filled * leastTopShare
  const values = isRepeating
    ? countTable(
        "Frequent values",
        top.slice(0, mostTop).map(({ value, count }) => ({ label: valueHtml(value), count })),
        filled,
      )
    : undefined
  const shapes = countTable(
    "Patterns",
    patterns.slice(0, mostPatterns).map(({ pattern, count }) => ({ label: valueHtml(pattern), count })),
    filled,
  )
  const [first, ...others] = [drawn, values, shapes].filter((each) => each !== undefined)
  const more = [
    ...others,
    ...(lengths === null || lengths.max === 0 ? [] : [html`<p class="soft">${lengthsText(lengths)}</p>`]),
    ...(profile.examples.length === 0
      ? []
      : [
          html`<p class="soft">For example ${profile.examples.slice(0, 3).map((each, at) => html`${at > 0 && ", "}<span class="v">${valueHtml(each, 40)}</span>`)}</p>`,
        ]),
  ]
  return html`${first}${more.length > 0 && html`<details><summary>More<span class="sr"> about ${shownText(profile.name, mostName)}</span></summary>${more}</details>`}`
}

function lengthsText({ min, mean, max }: NonNullable<ColumnProfile["lengths"]>): string {
  return min === max
    ? `${whole(min)} ${min === 1 ? "character" : "characters"} each`
    : `${whole(min)} to ${whole(max)} characters, ${shortNumber(mean)} on average`
}

/** What is in doubt or may be wrong. */
function remarks({ profile, inferred, isHidden }: TileColumn, errors: number): Html | undefined {
  const odd = inferred?.odd.cells ?? 0
  const doubt = inferred?.doubt ?? profile?.doubt
  const found = [
    ...(doubt === undefined ? [] : [html`<li>Read as text. ${shownText(doubt, mostOfRemark)}</li>`]),
    ...(odd > 0 && errors === 0 ? [html`<li>${whole(odd)} ${odd === 1 ? "cell disagrees" : "cells disagree"} with the kind.</li>`] : []),
    ...(profile?.remarks ?? [])
      .slice(0, mostSuspects)
      .map((each) => html`<li>${isHidden ? "[redacted]" : shownText(each, mostOfRemark)}</li>`),
    ...(profile?.suspects ?? []).slice(0, mostSuspects).map(({ message, examples }) => {
      const shown = isHidden ? [] : examples.slice(0, 3)
      return html`<li class="bad">${shownText(message, mostOfRemark)} ${shown.map(({ value, count }, at) => html`${at > 0 && ", "}<span class="v">${valueHtml(value, 40)}</span>${count > 1 && ` (${whole(count)})`}`)}</li>`
    }),
  ]
  return found.length === 0 ? undefined : html`<ul class="says">${found}</ul>`
}

/** The columns that have no tile because there are so many. */
function restTable(columns: readonly TileColumn[], most: number): Html {
  const { shown, left } = fitting(columns, most, ({ name, report, quality, profile }) => {
    const fill = profile?.fill ?? (typeof quality?.fill === "number" ? quality.fill / 100 : undefined)
    return html`<tr><th scope="row">${shownText(name, mostName)}</th><td class="soft">${report?.kind ?? profile?.kind ?? ""}</td><td class="n">${
      fill !== undefined && shareText(fill)
    }</td><td class="n">${whole(report?.errors ?? 0)}</td></tr>`
  })
  return html`<details><summary>${whole(columns.length)} more columns</summary><table><caption class="sr">More columns</caption><thead><tr><th scope="col">Column</th><th scope="col">Kind</th><th scope="col" class="n">Filled</th><th scope="col" class="n">Errors</th></tr></thead><tbody>${shown}</tbody></table>${
    left > 0 && html`<p class="note">${whole(left)} more columns are in the report as JSON.</p>`
  }</details>`
}
