import { shownText } from "../../errors/shown-text.ts"
import { fitting } from "./budget.ts"
import { type Html, html } from "./html.ts"
import { rowsText, whole } from "./number-text.ts"
import type { PageDelivery } from "./page-delivery.ts"

const mostOfFact = 300
const bytesOfStatements = 12_000
const mostOfStatement = 1000

/** Where the delivery came from and what identifies it. */
export function factsSection({ id, delivery }: PageDelivery, run: readonly (readonly [name: string, value: string])[]): Html {
  const { deliveryId, uri, version, sourceTable, sha256, duplicateOf, skippedAbove, score } = delivery
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ...run,
    ["file", uri],
    ["version", version],
    ["table of the file", sourceTable],
    ["sha256", sha256],
    ["delivery", deliveryId],
    ["loaded by delivery", duplicateOf],
    ["rows in no table", skippedAbove === undefined ? undefined : whole(skippedAbove)],
    ["ruleset", score?.ruleset.hash],
  ]
  const known = facts.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [html`<dt>${name}</dt><dd><code>${shownText(value, mostOfFact)}</code></dd>`],
  )
  return html`<section id="${id}-facts"><h2>Facts</h2><dl class="facts">${known}</dl></section>`
}

/** What a plan would change in its target. Undefined if the report does not say. */
export function changesSection({ id, delivery: { changes } }: PageDelivery): Html | undefined {
  if (changes === undefined) return undefined
  const { migrations = [], ddl, inserted, updated, deleted } = changes
  const statements = [...migrations.map((step) => `-- the ledger: ${step}`), ...ddl.map((statement) => `${statement};`)]
  const { shown, left } = fitting(
    statements,
    bytesOfStatements,
    (statement) => html`<p><code>${shownText(statement, mostOfStatement)}</code></p>`,
  )
  return html`<section id="${id}-changes"><h2>What would change</h2>
<p>${rowsText(inserted)} added, ${whole(updated)} changed, ${whole(deleted)} removed.</p>${shown}${left > 0 && html`<p class="note">${whole(left)} more statements are in the report as JSON.</p>`}</section>`
}
