import { shownText } from "../../errors/shown-text.ts"
import type { DeliveryReport, RowCounts } from "../../model/run-report.ts"
import { stackedBar } from "./charts.ts"
import { type Html, html } from "./html.ts"
import { rowsText, whole } from "./number-text.ts"

const mostOfReason = 300

const fates = [
  { name: "loaded", color: "a" },
  { name: "rejected", color: "f" },
  { name: "filtered", color: "r" },
  { name: "superseded", color: "r" },
  { name: "skipped", color: "r" },
  { name: "withheld", color: "r" },
] as const

/** What a delivery came to, in one sentence. */
export function outcomeSentence({ outcome, read, loaded, rejected, withheld, reason }: DeliveryReport): string {
  const aside = rejected === 0 ? "" : `, ${whole(rejected)} ${rejected === 1 ? "was" : "were"} set aside`
  const because = reason === undefined ? "" : ` ${shownText(reason, mostOfReason)}`
  if (outcome === "duplicate") return `These bytes were loaded before, so nothing was changed.${because}`
  if (outcome === "refused") return `The delivery was refused: none of its ${rowsText(read)} ${read === 1 ? "is" : "are"} loaded.${because}`
  if (outcome === "dry") return `A plan only: ${whole(withheld)} of ${rowsText(read)} would be loaded${aside}.`
  if (read === 0) return "The file has no rows."
  if (loaded === read) return read === 1 ? "The only row was loaded." : `All ${rowsText(read)} were loaded.`
  return `${whole(loaded)} of ${rowsText(read)} ${loaded === 1 ? "was" : "were"} loaded${aside}.`
}

/** Where the rows ended, as a bar and as counts. Withheld rows of a plan are the good ones. */
export function rowFates(counts: RowCounts, isPlan: boolean): Html {
  const parts = fates
    .map(({ name, color }) => ({ name, count: counts[name], color: name === "withheld" && isPlan ? ("a" as const) : color }))
    .filter(({ name, count }) => count > 0 || (name === "loaded" && !isPlan))
  const label = parts.map(({ name, count }) => `${whole(count)} ${name}`).join(", ")
  return html`<div class="rows">${stackedBar(parts, label === "" ? "no rows" : label)}
<ul class="legend">${parts.map(({ name, count, color }) => html`<li><b>${whole(count)}</b><span><i class="${color}"></i>${name}</span></li>`)}
<li><b>${whole(counts.read)}</b><span>read</span></li></ul></div>`
}
