import { shownText } from "../../errors/shown-text.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import { type ExplainedRule, explain } from "../../score/explain.ts"
import { type Html, html } from "./html.ts"
import { rowsText, whole } from "./number-text.ts"
import type { PageDelivery } from "./page-delivery.ts"
import type { RejectPlaces } from "./rejects-section.ts"

const mostFixes = 6
const mostColumns = 4
const mostOfName = 120

/** What to fix first: the rules that cost points or rows, with where to look. Undefined if there is nothing. */
export function fixSection({ id, delivery }: PageDelivery, places: RejectPlaces): Html | undefined {
  const rules = explain(delivery)?.rules ?? []
  if (rules.length === 0) return undefined
  const left = rules.length - mostFixes
  return html`<section id="${id}-fix"><h2>What to fix first</h2>
<p class="note">The rules that cost most, with what you regain if nothing breaks them.</p>
<ol class="fixes">${rules.slice(0, mostFixes).map((rule) => fix(rule, delivery, places))}</ol>
${left > 0 && html`<p class="note">${whole(left)} more ${left === 1 ? "rule costs" : "rules cost"} less; see <a href="#${id}-rules">the rules</a>.</p>`}</section>`
}

function fix(explained: ExplainedRule, { score, examples = {} }: DeliveryReport, places: RejectPlaces): Html {
  const { rule, dimension, points, rejected, frees } = explained
  const result = score?.rules.find((each) => each.rule === rule)
  const columns = result?.columns ?? []
  const broken = (result?.failed ?? 0) + (result?.suspected ?? 0)
  const found = Object.hasOwn(examples, rule) ? (examples[rule] ?? []) : []
  const links = found.map(({ row, address }, at) => {
    const shown = places.get(row)
    const name = address ?? `row ${row}`
    return html`${at > 0 && ", "}${shown === undefined ? name : html`<a href="#${shown.id}">${shown.place}</a>`}`
  })
  const name =
    columns.length === 0
      ? "The row as a whole"
      : columns.slice(0, mostColumns).join(" + ") + (columns.length > mostColumns ? " + \u2026" : "")
  return html`<li><div><h3>${shownText(name, mostOfName)}</h3><p><code>${shownText(rule)}</code> (${dimension}): ${sentence(broken, rejected)}${
    links.length > 0 && html` For example ${links}.`
  }</p></div><div class="gain"><b>${pointsText(points)}</b>${frees > 0 && html`<span>frees ${rowsText(frees)}</span>`}</div></li>`
}

function sentence(broken: number, rejected: number): string {
  if (broken === 0) return `it rejected ${rowsText(rejected)}.`
  const breaks = `${rowsText(broken)} ${broken === 1 ? "breaks" : "break"} it`
  return rejected === 0 ? `${breaks}, and none was rejected for it.` : `${breaks}, and it rejected ${whole(rejected)}.`
}

function pointsText(points: number): string {
  if (points === 0) return "no points"
  return points < 0.01 ? "<0.01 points" : `${points.toFixed(2)} points`
}
