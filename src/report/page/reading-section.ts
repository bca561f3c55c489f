import { shownText } from "../../errors/shown-text.ts"
import { fitting } from "./budget.ts"
import { type Html, html } from "./html.ts"
import { shareText, whole } from "./number-text.ts"
import type { PageDelivery } from "./page-delivery.ts"
import { inferredColumns, readingFacts } from "./reading-facts.ts"

const bytes = 16_000
const mostTables = 5
const mostOfValue = 100
const mostOfEvidence = 400

/** How the file was read, with the evidence for each decision. Undefined if the report does not say. */
export function readingSection({ id, delivery: { plan }, share, redaction }: PageDelivery): Html | undefined {
  const tables = readingFacts(plan).filter(({ facts }) => facts.length > 0)
  const kinds = inferredColumns(plan)
  if (tables.length + kinds.length === 0) return undefined
  const lists = tables.slice(0, mostTables).map(({ table, facts }) => {
    const rows = facts.map(({ name, value, evidence, confidence }) => {
      return html`<tr><th scope="row">${name}</th><td><code>${shownText(value, mostOfValue)}</code></td><td class="n">${
        confidence !== undefined && shareText(confidence)
      }</td><td class="soft">${evidence !== undefined && shownText(evidence, mostOfEvidence)}</td></tr>`
    })
    return html`<table class="reading"><caption>${tables.length > 1 ? shownText(table, mostOfValue) : "What was decided, how sure it is, and why"}</caption><thead class="sr"><tr><th scope="col">Fact</th><th scope="col">Value</th><th scope="col">Confidence</th><th scope="col">Evidence</th></tr></thead><tbody>${rows}</tbody></table>`
  })
  const { shown, left } = fitting(kinds, bytes * share, ({ column, kind, evidence, odd, doubt }) => {
    const notations = Object.entries(evidence.notations).map(([label, count]) => `${label} ${whole(count)}`)
    const why = doubt ?? (notations.length === 0 ? "" : notations.join(", "))
    return html`<tr><th scope="row">${shownText(column, mostOfValue)}</th><td>${kind}</td><td class="n">${whole(evidence.agreeing)} of ${whole(evidence.cells)}</td><td class="soft">${shownText(
      why,
      mostOfEvidence,
    )}${odd.rows.length > 0 && !redaction.hides(column) && html` Rows that disagree: ${odd.rows.slice(0, 5).join(", ")}.`}</td></tr>`
  })
  return html`<section id="${id}-reading"><h2>How it was read</h2>
${lists}${
  shown.length > 0 &&
  html`<details><summary>Kinds of the columns and their evidence</summary><table><caption class="sr">Kinds of the columns</caption><thead><tr><th scope="col">Column</th><th scope="col">Kind</th><th scope="col" class="n">Cells that agree</th><th scope="col">Evidence</th></tr></thead><tbody>${shown}</tbody></table>${
    left > 0 && html`<p class="note">${whole(left)} more columns are in the report as JSON.</p>`
  }</details>`
}</section>`
}
