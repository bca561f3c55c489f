import { shownText } from "../../errors/shown-text.ts"
import { fitting } from "./budget.ts"
import { type Html, html } from "./html.ts"
import { shareText, shortNumber, whole } from "./number-text.ts"
import type { PageDelivery } from "./page-delivery.ts"
import { valueHtml } from "./value-text.ts"

const bytes = 10_000
const mostName = 60
const mostExamples = 5

/** What a report may say of a difference between the delivery and earlier ones. */
interface Finding {
  readonly kind: string
  readonly column?: string
  readonly value: number
  readonly before?: number
  readonly now?: number
  readonly count?: number
  readonly examples?: readonly string[]
}

/** How the delivery differs from earlier ones. Undefined if it was not compared. */
export function driftSection({ id, delivery, redaction, share }: PageDelivery): Html | undefined {
  const drift: unknown = "drift" in delivery ? delivery.drift : undefined
  if (typeof drift !== "object" || drift === null || !("findings" in drift) || !Array.isArray(drift.findings)) return undefined
  const compared = "deliveries" in drift && typeof drift.deliveries === "number" ? drift.deliveries : 0
  const findings = drift.findings.filter(isFinding)
  const { shown, left } = fitting(findings, bytes * share, (finding) => {
    const { column, examples = [] } = finding
    const visible = column !== undefined && redaction.hides(column) ? [] : examples.slice(0, mostExamples)
    return html`<li><b>${column === undefined ? "Rows" : shownText(column, mostName)}</b> ${sentence(finding)} ${visible.map(
      (each, at) => html`${at > 0 && ", "}<span class="v">${valueHtml(each, 40)}</span>`,
    )}</li>`
  })
  const said = `Compared with ${whole(compared)} earlier ${compared === 1 ? "delivery" : "deliveries"}${findings.length === 0 ? ": nothing differs more than they do." : "."}`
  return html`<section id="${id}-drift"><h2>Drift</h2><p class="note">${said}</p>${
    shown.length > 0 && html`<ul class="notices">${shown}</ul>`
  }${left > 0 && html`<p class="note">${whole(left)} more findings are in the report as JSON.</p>`}</section>`
}

function sentence({ kind, value, before = 0, now = 0, count = 0 }: Finding): string {
  if (kind === "rows") return `${whole(now)} rows; usually there are ${whole(before)}.`
  if (kind === "nulls") return `${shareText(now)} of the cells have no value; before it was ${shareText(before)}.`
  if (kind === "newValues") return `${whole(count)} new ${count === 1 ? "value" : "values"}, in ${shareText(value)} of the rows.`
  if (kind === "vanishedValues")
    return `${whole(count)} ${count === 1 ? "value is" : "values are"} gone, which ${shareText(value)} of the rows had.`
  if (kind === "newPatterns") return `${whole(count)} new ${count === 1 ? "pattern" : "patterns"}, in ${shareText(value)} of the rows.`
  return `The distribution has moved (${shortNumber(value)}).`
}

function isFinding(value: unknown): value is Finding {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    typeof value.kind === "string" &&
    "value" in value &&
    typeof value.value === "number"
  )
}
