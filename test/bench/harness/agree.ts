/** Fails if two sides have different results, because the faster one may have left something out. */
export function agree(one: object, other: object): void {
  const [left, right] = [rounded(one), rounded(other)]
  if (left !== right) throw new Error(`the two sides do not agree:\n${left}\n${right}`)
}

/** Sums of doubles depend on the order of the terms in their last digits. */
function rounded(result: object): string {
  return JSON.stringify(result, (_key, value) => (typeof value === "number" ? Number(value.toPrecision(12)) : value))
}
