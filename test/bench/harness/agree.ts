/** Fails where two sides did not come to the same: the faster one may then have left something out. */
export function agree(one: object, other: object): void {
  const [left, right] = [rounded(one), rounded(other)]
  if (left !== right) throw new Error(`the two sides do not agree:\n${left}\n${right}`)
}

/** Sums of doubles differ in their last digits with the order of the terms. */
function rounded(result: object): string {
  return JSON.stringify(result, (_key, value) => (typeof value === "number" ? Number(value.toPrecision(12)) : value))
}
