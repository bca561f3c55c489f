import { type Dimension, dimensions } from "../../model/dimension.ts"
import type { Scorecard } from "../../model/scorecard.ts"
import { bar, gauge } from "./charts.ts"
import { type Html, html } from "./html.ts"
import { points } from "./number-text.ts"

const meanings: { readonly [D in Dimension]: string } = {
  completeness: "values are there",
  accuracy: "values are plausible",
  consistency: "values agree with each other",
  timeliness: "values are recent",
  uniqueness: "no row twice",
  validity: "values fit the rules",
}

/** The score as a gauge, with its dimensions and how much of the weight was assessed. */
export function scoreFigure(score: Scorecard): Html {
  const { overall, coverage, provisional } = score
  return html`<div class="score"><figure class="gauge">${gauge(overall, coverage)}<figcaption>${
    provisional &&
    html`<span class="chip" title="Nobody has reviewed the rules: they were inferred from these rows.">provisional</span><br>`
  }${coverage.toFixed(0)} % of the weight assessed</figcaption></figure>
<table class="dims"><caption class="sr">The score by dimension</caption><thead class="sr"><tr><th scope="col">Dimension</th><th scope="col">Bar</th><th scope="col">Score</th><th scope="col">Weight</th></tr></thead><tbody>${dimensions.map(
    (name) => dimensionRow(name, score),
  )}</tbody></table></div>`
}

function dimensionRow(name: Dimension, { dimensions: assessed, weights, provisional }: Scorecard): Html {
  const one = assessed[name]
  const weight = html`<td class="n soft wide">weight ${Math.round((weights[name] ?? 0) * 100)} %</td>`
  const title = html`<th scope="row" title="${meanings[name]}">${name}</th>`
  if (one === undefined) return html`<tr>${title}<td class="soft" colspan="2">not assessed</td>${weight}</tr>`
  // Rules that nobody has reviewed may miss anything, so rows that break none of them are not called perfect.
  const text = provisional && one.score >= 100 ? "no losses" : points(one.score)
  return html`<tr>${title}<td>${bar(one.score / 100)}</td><td class="n">${text}</td>${weight}</tr>`
}
