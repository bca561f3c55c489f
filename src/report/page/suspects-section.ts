import { shownText } from "../../errors/shown-text.ts"
import type { SuspectCell } from "../../pipeline/tables/detect.ts"
import { fitting } from "./budget.ts"
import { type Html, html } from "./html.ts"
import { shareText, whole } from "./number-text.ts"
import type { PageRedaction } from "./redaction.ts"
import { searchBox } from "./search-box.ts"
import { valueHtml } from "./value-text.ts"

const bytes = 60_000
const mostName = 60
const mostOfReason = 240
const fewCells = 8

/** The cells that are probably wrong, the most suspicious first. Undefined if there are none. */
export function suspectsSection(cells: readonly SuspectCell[], id: string, redaction: PageRedaction, share: number): Html | undefined {
  if (cells.length === 0) return undefined
  const ordered = cells.toSorted((one, other) => other.suspicion - one.suspicion || one.row - other.row)
  const { shown, left } = fitting(ordered, bytes * share, ({ row, column, value, expected, suspicion, reasons }) => {
    const isHidden = redaction.hides(column)
    const why = isHidden ? "[redacted]" : (reasons[0]?.message ?? "")
    return html`<tr><th scope="row">row ${row}</th><td>${shownText(column, mostName)}</td><td><span class="v">${
      isHidden ? "[redacted]" : valueHtml(value, 60)
    }</span></td><td>${expected !== undefined && !isHidden && html`<span class="v">${valueHtml(expected, 60)}</span>`}</td><td class="n">${shareText(suspicion)}</td><td>${shownText(why, mostOfReason)}</td></tr>`
  })
  const said =
    left === 0 ? `${whole(cells.length)} ${cells.length === 1 ? "cell" : "cells"}` : `The ${whole(shown.length)} most suspicious cells`
  return html`<section id="${id}-suspects"><h2>Cells that may be wrong</h2>
${searchBox({ label: "Search cells", target: `${id}-suspects-list`, said, isNeeded: shown.length > fewCells })}
<div class="scroll tall" tabindex="0" role="group" aria-label="Cells that may be wrong"><table><caption class="sr">Cells that may be wrong</caption><thead><tr><th scope="col">Place</th><th scope="col">Column</th><th scope="col">Value</th><th scope="col">Probably</th><th scope="col" class="n">Suspicion</th><th scope="col">Why</th></tr></thead><tbody id="${id}-suspects-list">${shown}</tbody></table></div></section>`
}
