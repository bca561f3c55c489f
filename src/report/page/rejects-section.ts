import { headerKey } from "../../binding/match-headers.ts"
import { shownText } from "../../errors/shown-text.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Origin } from "../../model/origin.ts"
import { reasonText } from "../../model/reason-text.ts"
import type { Reject } from "../../model/reject.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import { fitting } from "./budget.ts"
import { type Html, html } from "./html.ts"
import { rowsText, whole } from "./number-text.ts"
import type { PageDelivery } from "./page-delivery.ts"
import { searchBox } from "./search-box.ts"
import { valueHtml } from "./value-text.ts"

const bytes = 76_000
/** More than fit into the bytes if every row is short. */
const mostRejects = 400
const mostColumns = 12
const mostOfCell = 48
const mostOfReason = 200
const mostReasons = 6
const mostOfCode = 60
/** The key of a row that could not be read into cells. */
const unread = "_raw"

/** The rejects of a page. */
export interface RejectsSection {
  readonly code: Html
  /** Where the rejects are that are shown, by the position of their row. */
  readonly places: RejectPlaces
}

/** The id of a reject in the page, and what its place in the file is called. */
export type RejectPlaces = ReadonlyMap<number, { readonly id: string; readonly place: string }>

/** The rejects with their cells, the faulty ones marked, and their reasons. Undefined if there are none. */
export function rejectsSection(parts: PageDelivery): RejectsSection | undefined {
  const { id, delivery, share, redaction } = parts
  const { rejected } = delivery
  if (rejected === 0 && parts.rejects.length === 0) return undefined
  const title = html`<h2>Rejected rows</h2>`
  const open = html`<section id="${id}-rejects">${title}`
  const reasons = reasonCounts(delivery.issues)
  if (parts.rejects.length === 0)
    return {
      code: html`${open}<p class="note">The cells of the ${rowsText(rejected)} are not in this page.</p>${reasons}</section>`,
      places: new Map(),
    }
  const faulty = new FaultyColumns(delivery)
  const rejects = parts.rejects.slice(0, mostRejects).map((reject) => ({ reject: redaction.reject(reject), blamed: faulty.of(reject) }))
  const columns = shownColumns(rejects)
  const total = new Set(rejects.flatMap(({ reject }) => Object.keys(reject.raw))).size
  const { shown } = fitting(rejects, bytes * share, ({ reject, blamed }, at) =>
    rejectRow(reject, blamed, columns, `${id}-reject-${at + 1}`),
  )
  const placed = rejects.slice(0, shown.length).map(({ reject: { origin } }, at) => {
    return [origin.row, { id: `${id}-reject-${at + 1}`, place: placeOf(origin) }] as const
  })
  const places = new Map(placed)
  const isSample = shown.length < rejected
  const said = isSample
    ? `The first ${whole(shown.length)} of ${rowsText(rejected)}`
    : rejected === 1
      ? "The only one"
      : `All ${rowsText(rejected)}`
  const wide = total > columns.length ? `, with ${columns.length} of ${whole(total)} columns` : ""
  const code = html`${open}${reasons}
${searchBox({ label: "Search rejected rows", target: `${id}-rejects-list`, said: `${said}${wide}`, isNeeded: shown.length > 5 })}
<div class="scroll tall" tabindex="0" role="group" aria-label="Rejected rows"><table class="rejects"><caption class="sr">Rejected rows with their cells. Faulty cells are marked.</caption>
<thead><tr><th scope="col">Place</th><th scope="col">Why</th>${columns.map((name) => html`<th scope="col">${name === unread ? "the unread row" : shownText(name, mostOfCell)}</th>`)}</tr></thead>
<tbody id="${id}-rejects-list">${shown}</tbody></table></div></section>`
  return { code, places }
}

/** How often each reason occurred: exact, whatever rows are shown. */
function reasonCounts(issues: { readonly [code: string]: number }): Html {
  const sorted = Object.entries(issues).sort(([, one], [, other]) => other - one)
  const left = sorted.length - mostReasons
  return html`<p class="note">${sorted
    .slice(0, mostReasons)
    .map(
      ([code, times], at) => html`${at > 0 && " \u00b7 "}<code>${shownText(code, mostOfCode)}</code> ${whole(times)}`,
    )}${left > 0 && ` \u00b7 ${whole(left)} more`}</p>`
}

interface ShownReject {
  readonly reject: Reject
  /** The column that each issue blames, if it blames one. */
  readonly blamed: readonly (string | undefined)[]
}

/** Finds the columns of the file that issues blame. Issues name them as the rows do, and most rows have the same names. */
class FaultyColumns {
  readonly #headers: ReadonlyMap<string, string | null>
  readonly #found = new Map<string, string>()

  constructor({ columns = [] }: DeliveryReport) {
    this.#headers = new Map(columns.flatMap(({ name, header }) => (name === null ? [] : [[name, header] as const])))
  }

  of({ raw, issues }: Reject): readonly (string | undefined)[] {
    return issues.map(({ column }) => (column === undefined ? undefined : this.#header(column, raw)))
  }

  #header(column: string, raw: Row): string {
    if (Object.hasOwn(raw, column)) return column
    const known = this.#found.get(column)
    if (known !== undefined) return known
    const found = this.#headers.get(column) ?? Object.keys(raw).find((name) => headerKey(name) === headerKey(column)) ?? column
    this.#found.set(column, found)
    return found
  }
}

/** In the order of the file: all columns if they are few, else those with most faults and then the first ones. */
function shownColumns(rejects: readonly ShownReject[]): readonly string[] {
  const faults = new Map<string, number>()
  for (const { reject, blamed } of rejects)
    for (const name of Object.keys(reject.raw)) faults.set(name, (faults.get(name) ?? 0) + (blamed.includes(name) ? 1 : 0))
  const all = [...faults.keys()]
  if (all.length <= mostColumns) return all
  const chosen = new Set(all.toSorted((one, other) => (faults.get(other) ?? 0) - (faults.get(one) ?? 0)).slice(0, mostColumns))
  return all.filter((name) => chosen.has(name))
}

function rejectRow({ origin, raw, issues }: Reject, blamed: ShownReject["blamed"], columns: readonly string[], anchor: string): Html {
  const names = Object.keys(raw)
  const cells = columns.map((name) => {
    if (!Object.hasOwn(raw, name)) return html`<td></td>`
    const most = name === unread ? mostOfReason : mostOfCell
    const value = valueHtml(raw[name], most)
    return blamed.includes(name) ? html`<td class="fault"><span class="sr">faulty: </span>${value}</td>` : html`<td>${value}</td>`
  })
  const reasons = issues.map((issue, at) => html`${cellPlace(origin, blamed[at], names)}${shownText(reasonText(issue), mostOfReason)}`)
  const why = reasons.length === 1 ? reasons : html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`
  return html`<tr id="${anchor}"><th scope="row"><a href="#${anchor}">${placeOf(origin)}</a></th><td class="why">${why}</td>${cells}</tr>`
}

function placeOf({ address, line, row }: Origin): string {
  return address ?? (line === undefined ? `row ${row}` : `line ${line}`)
}

/** The A1 address of the cell that an issue blames, for workbooks. */
function cellPlace({ address }: Origin, header: string | undefined, names: readonly string[]): Html | undefined {
  if (address === undefined || header === undefined) return undefined
  const at = names.indexOf(header)
  const [, letters = "", row = ""] = /^([A-Z]{1,3})(\d+)$/.exec(address) ?? []
  if (at < 0 || row === "") return undefined
  const first = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
  return html`<code>${columnLetters(first + at)}${row}</code> `
}

function columnLetters(position: number): string {
  let letters = ""
  for (let left = position; left > 0; left = Math.floor((left - 1) / 26)) letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters
  return letters
}
