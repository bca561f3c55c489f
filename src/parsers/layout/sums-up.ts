import { amountParts } from "../../cells/amount-parts.ts"

/** Decimal separators, and the groups of digits that go with them. */
const notations = [
  [".", /[,'’\s]/g],
  [",", /[.'’\s]/g],
] as const

/** Whether a cell is the sum of the numbers above it, whatever their decimal separator. A sum of fewer than three numbers or of zeros proves nothing. */
export function sumsUp(cell: string, above: readonly string[]): boolean {
  return notations.some(([decimal, groups]) => {
    const total = amountOf(cell, decimal, groups)
    if (total === undefined || total === 0) return false
    const amounts = above.flatMap((text) => amountOf(text, decimal, groups) ?? [])
    if (amounts.length < 3 || amounts.length < above.length / 2) return false
    const sum = amounts.reduce((one, other) => one + other, 0)
    // Totals are rounded to cents, and sums of doubles are not exact.
    return Math.abs(sum - total) <= 0.005 + 1e-9 * Math.abs(sum)
  })
}

function amountOf(text: string, decimal: "." | ",", groups: RegExp): number | undefined {
  const parts = amountParts(text)
  if (parts === undefined || parts.hasPercent) return undefined
  const amount = Number(parts.digits.replace(groups, "").replace(decimal, "."))
  return Number.isNaN(amount) ? undefined : parts.isNegative ? -amount : amount
}
