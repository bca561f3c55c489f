/** `12,345` */
export function whole(count: number): string {
  return count.toLocaleString("en-US")
}

/** `1 row`, `2,000 rows`. */
export function rowsText(count: number): string {
  return `${whole(count)} ${count === 1 ? "row" : "rows"}`
}

/** A score or a percentage with one decimal. Only 100 itself is shown as 100. */
export function points(value: number): string {
  return value >= 100 ? "100" : Math.min(99.9, Math.max(0, value)).toFixed(1)
}

/** A share of 0 to 1, rounded so that only all is 100 % and only nothing is 0 %. */
export function shareText(share: number): string {
  const tenths = share >= 1 ? 1000 : Math.min(999, Math.round(share * 1000))
  return tenths === 0 && share > 0 ? "<0.1 %" : `${tenths / 10} %`
}

/** A number of a column, as people read it: few digits for a label. */
export function shortNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value.toLocaleString("en-US", { useGrouping: Math.abs(value) >= 10_000 })
  return value.toLocaleString("en-US", { maximumSignificantDigits: 5, notation: Math.abs(value) >= 1e9 ? "compact" : "standard" })
}
