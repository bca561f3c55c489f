import { shownText } from "../../errors/shown-text.ts"
import { fitting } from "./budget.ts"
import { type Html, html } from "./html.ts"
import { rowsText, whole } from "./number-text.ts"
import type { PageDelivery } from "./page-delivery.ts"
import { valueHtml } from "./value-text.ts"

const bytes = 18_000
const mostName = 60

/** What normalizing changed, before and after. Undefined if it changed nothing. */
export function normalizedSection({ id, delivery, share, redaction }: PageDelivery): Html | undefined {
  const { normalized, read } = delivery
  if (normalized === undefined) return undefined
  const columns = Object.entries(normalized.columns).sort(([, one], [, other]) => other.cells - one.cells)
  if (columns.length === 0) return undefined
  const { shown, left } = fitting(columns, bytes * share, ([name, { cells, examples }]) => {
    const visible = redaction.hides(name) ? [] : examples
    const changes = visible.map(({ before, after, address, line, row }) => {
      const place = address === undefined ? (line === undefined ? `row ${row}` : `line ${line}`) : `row of ${address}`
      return html`<div><span class="v was">${valueHtml(before, 40)}</span> \u2192 <span class="v">${valueHtml(after, 40)}</span> <span class="soft">${place}</span></div>`
    })
    return html`<tr><th scope="row">${shownText(name, mostName)}</th><td class="n">${whole(cells)}</td><td>${
      changes.length > 0 ? changes : html`<span class="soft">no example kept</span>`
    }</td></tr>`
  })
  const counted =
    normalized.examined < read
      ? `Counted in ${rowsText(normalized.examined)} of ${whole(read)}.`
      : `Counted in all ${rowsText(normalized.examined)}.`
  return html`<section id="${id}-changed"><h2>What normalizing changed</h2>
<table><caption>${counted}</caption><thead><tr><th scope="col">Column</th><th scope="col" class="n">Cells</th><th scope="col">Before and after</th></tr></thead><tbody>${shown}</tbody></table>${
    left > 0 && html`<p class="note">${whole(left)} more columns changed.</p>`
  }</section>`
}
