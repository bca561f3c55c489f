/** The median. For an even number of values, it is the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) throw new Error("nothing was measured")
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** Measures every side `repeats` times, in turn, so that noise affects all of them alike, and returns the medians. */
export async function inTurn<S extends string>(
  repeats: number,
  sides: { readonly [K in S]: () => Promise<number> },
): Promise<{ readonly [K in S]: number }> {
  const names = Object.keys(sides) as S[]
  const measured = new Map<S, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < repeats; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) measured.get(name)?.push(await sides[name]())
  return Object.fromEntries(names.map((name) => [name, median(measured.get(name) ?? [])])) as { [K in S]: number }
}
