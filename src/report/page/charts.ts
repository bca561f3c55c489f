import type { ColumnProfile } from "../../profile/table-profile.ts"
import { type Html, html } from "./html.ts"
import { points, shareText, shortNumber } from "./number-text.ts"

const width = 240
const height = 64
/** A bin of one value has no width. It is drawn this wide. */
const thinnest = 5

/** A horizontal bar. The text beside it says the same, so it is hidden from screen readers. */
export function bar(share: number, isFault = false): Html {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10
  const shown = share > 0 ? Math.max(0.5, filled) : 0
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="${isFault ? "f" : "a"}" width="${shown}" height="1"/></svg>`
}

/** A score as half a ring, and inside it how much of the weight was assessed, in percent. */
export function gauge(score: number | null, coverage: number): Html {
  const arc = "M 18 100 A 82 82 0 0 1 182 100"
  const level = score === null ? 0 : Math.min(100, Math.max(0, score))
  const label = score === null ? "No score: nothing could be assessed" : `Score ${points(level)} of 100`
  return html`<svg viewBox="0 0 200 112" role="img" aria-label="${label}"><path class="track" d="${arc}"/>${
    coverage > 0 &&
    html`<path class="cover" d="M 32 100 A 68 68 0 0 1 168 100" pathLength="100" stroke-dasharray="${Math.min(100, coverage).toFixed(1)} 200"/>`
  }${
    level > 0 && html`<path class="level" d="${arc}" pathLength="100" stroke-dasharray="${level.toFixed(1)} 200"/>`
  }<text x="100" y="88">${score === null ? "\u2013" : points(level)}</text><text class="of" x="100" y="107">of 100</text></svg>`
}

/** Parts of a whole, side by side. */
export function stackedBar(parts: readonly { readonly count: number; readonly color: "a" | "f" | "r" }[], label: string): Html {
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  let x = 0
  const shown = parts.map(({ count, color }) => {
    const share = total === 0 ? 0 : Math.max(0.6, (count / total) * 100)
    const rect = html`<rect class="${color}" x="${x.toFixed(2)}" width="${Math.max(0, share - 0.25).toFixed(2)}" height="1"/>`
    x += share
    return count > 0 && rect
  })
  return html`<svg viewBox="0 0 ${Math.max(100, x).toFixed(2)} 1" preserveAspectRatio="none" role="img" aria-label="${label}">${shown}</svg>`
}

/**
 * How numbers or dates spread: bars between the quantiles, whose areas are shares of the values, above a line from the 5th to the 95th percentile with
 * a box for the middle half. Undefined if the column has no quantiles.
 */
export function spread({ min, max, quantiles }: Pick<ColumnProfile, "min" | "max" | "quantiles">): Html | undefined {
  if (quantiles === null || min === null || max === null) return undefined
  const { p5, p25, p50, p75, p95 } = quantiles
  const edges = [min, p5, p25, p50, p75, p95, max]
  const places = edges.map((edge) => (typeof edge === "number" ? edge : Date.parse(edge)))
  const [first = 0, last = 0] = [places[0], places.at(-1)]
  if (!places.every(Number.isFinite) || last <= first) return undefined
  const x = (place: number) => ((place - first) / (last - first)) * width
  const bins = [0.05, 0.2, 0.25, 0.25, 0.2, 0.05].map((share, at) => {
    const [from, to] = [x(places[at] ?? 0), x(places[at + 1] ?? 0)]
    const wide = Math.max(thinnest, to - from)
    return { from: Math.min(from, width - wide), wide, density: share / wide }
  })
  const densest = Math.max(...bins.map(({ density }) => density))
  const top = height - 14
  const rects = bins.map(({ from, wide, density }) => {
    const tall = Math.max(1, (density / densest) * top)
    return html`<rect class="t" x="${from.toFixed(1)}" y="${(top - tall).toFixed(1)}" width="${Math.max(1, wide - 1).toFixed(1)}" height="${tall.toFixed(1)}"/>`
  })
  const [low = 0, left = 0, middle = 0, right = 0, high = 0] = places.slice(1, -1).map(x)
  const line = height - 5
  const label = `From ${edgeText(min)} to ${edgeText(max)}. Median ${edgeText(p50)}. The middle half is from ${edgeText(p25)} to ${edgeText(p75)}.`
  return html`<figure><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">${rects}
<rect class="r" x="${low.toFixed(1)}" y="${line - 0.75}" width="${(high - low).toFixed(1)}" height="1.5"/><rect class="a" x="${left.toFixed(1)}" y="${line - 3}" width="${Math.max(1.5, right - left).toFixed(1)}" height="6" opacity=".55"/><rect class="a" x="${Math.max(0, middle - 1).toFixed(1)}" y="${line - 5}" width="2" height="10"/></svg>
<div class="axis" aria-hidden="true"><span>${edgeText(min)}</span><span>median ${edgeText(p50)}</span><span>${edgeText(max)}</span></div></figure>`
}

function edgeText(edge: number | string): string {
  if (typeof edge === "number") return shortNumber(edge)
  return edge.length > 10 ? edge.slice(0, 16).replace("T", " ") : edge
}

/** Scores over time, the first one first. The scale reaches from a little below the least of them to 100. */
export function sparkline(scores: readonly number[]): Html | undefined {
  if (scores.length < 2) return undefined
  const least = Math.min(...scores)
  const floor = Math.max(0, Math.floor((least - 2) / 5) * 5)
  const at = (score: number, index: number) =>
    `${((index / (scores.length - 1)) * 100).toFixed(1)},${(27 - ((score - floor) / (100 - floor)) * 26).toFixed(1)}`
  const label = `Scores from ${points(scores[0] ?? 0)} to ${points(scores.at(-1) ?? 0)}, the least is ${points(least)}`
  return html`<svg class="spark" viewBox="0 0 100 28" preserveAspectRatio="none" role="img" aria-label="${label}"><polyline points="${scores.map(at).join(" ")}"/></svg>`
}

/** Values with their counts as a small table with bars. */
export function countTable(
  caption: string,
  counts: readonly { readonly label: Html; readonly count: number }[],
  of: number,
): Html | undefined {
  if (counts.length === 0) return undefined
  const rows = counts.map(({ label, count }) => {
    const share = of === 0 ? 0 : count / of
    return html`<tr><th scope="row"><span class="v">${label}</span></th><td>${bar(share)}</td><td class="n">${shareText(share)}</td></tr>`
  })
  return html`<table><caption>${caption}</caption><tbody>${rows}</tbody></table>`
}
