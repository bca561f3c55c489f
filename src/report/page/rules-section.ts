import { shownText } from "../../errors/shown-text.ts"
import type { RuleResult } from "../../model/scorecard.ts"
import { fitting } from "./budget.ts"
import { type Html, html } from "./html.ts"
import { shareText, whole } from "./number-text.ts"
import type { PageDelivery } from "./page-delivery.ts"
import { searchBox } from "./search-box.ts"

const bytes = 32_000
const mostColumns = 4
const mostOfNames = 120
/** A list that fits a screen needs no search. */
const fewRules = 12

/** Every rule with what it judged: those that found something first. Undefined if there are none. */
export function rulesSection({ id, delivery: { score }, share }: PageDelivery): Html | undefined {
  const rules = score?.rules ?? []
  if (rules.length === 0) return undefined
  const broken = ({ failed, suspected, rejected }: RuleResult) => Math.max(failed + suspected, rejected)
  const ordered = rules.toSorted((one, other) => broken(other) - broken(one))
  const { shown, left } = fitting(ordered, bytes * share, ruleRow)
  const silent = rules.filter((rule) => broken(rule) === 0).length
  const said = `${whole(rules.length)} ${rules.length === 1 ? "rule" : "rules"}, ${whole(silent)} found nothing`
  return html`<section id="${id}-rules"><h2>Rules</h2>
${searchBox({ label: "Search rules", target: `${id}-rules-list`, said, isNeeded: shown.length > fewRules })}
<div class="scroll tall" tabindex="0" role="group" aria-label="Rules"><table><caption class="sr">Rules, with how many rows each judged</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">Columns</th><th scope="col">Dimension</th><th scope="col" class="n">Judged</th><th scope="col" class="n">Passed</th><th scope="col" class="n">Failed</th><th scope="col" class="n">Rejected</th></tr></thead>
<tbody id="${id}-rules-list">${shown}</tbody></table></div>
${left > 0 && html`<p class="note">${whole(left)} more rules are in the report as JSON.</p>`}</section>`
}

function ruleRow({ rule, dimension, columns, judged, passed, failed, suspected, rejected, mostly }: RuleResult): Html {
  const named =
    columns.slice(0, mostColumns).join(", ") + (columns.length > mostColumns ? `, and ${columns.length - mostColumns} more` : "")
  const isBroken = failed + suspected + rejected > 0
  return html`<tr><th scope="row"><code>${shownText(rule)}</code></th><td>${columns.length === 0 ? html`<span class="soft">row</span>` : shownText(named, mostOfNames)}</td><td class="soft">${dimension}</td><td class="n">${whole(judged)}</td><td class="n">${whole(passed)}${
    mostly !== undefined && html` <span class="soft">of ${shareText(mostly)}</span>`
  }</td><td class="n${isBroken && failed > 0 ? " bad" : ""}">${whole(failed)}${
    suspected > 0 && html` <span class="soft">+ ${whole(suspected)} suspected</span>`
  }</td><td class="n">${whole(rejected)}</td></tr>`
}
