import { shownText } from "../../errors/shown-text.ts"
import { fitting } from "./budget.ts"
import { type Html, html } from "./html.ts"
import { whole } from "./number-text.ts"
import type { PageDelivery } from "./page-delivery.ts"

const bytes = 14_000
const mostOfMessage = 500

/** What the reader noticed. Undefined if there is nothing. */
export function noticesSection({ id, delivery: { notices }, share, redaction }: PageDelivery): Html | undefined {
  if (notices.length === 0) return undefined
  const { shown, left } = fitting(notices, bytes * share, (notice) => {
    const { code, column, row } = notice
    return html`<li>${column !== undefined && html`<b>${shownText(column, 60)}</b> `}${shownText(redaction.notice(notice), mostOfMessage)}${
      row !== undefined && html` <span class="soft">row ${row}</span>`
    } <code class="soft">${code}</code></li>`
  })
  return html`<section id="${id}-notices"><h2>Notices</h2><ul class="notices">${shown}</ul>${
    left > 0 && html`<p class="note">${whole(left)} more notices are in the report as JSON.</p>`
  }</section>`
}
