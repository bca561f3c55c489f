/** The name that was most likely meant: the one with the fewest edits, if they are few. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const few = Math.max(1, Math.floor(name.length / 3))
  const near = known
    .map((each) => ({ each, edits: editsBetween(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ edits }) => edits <= few)
    .sort((one, other) => one.edits - other.edits)
  return near[0]?.each
}

/** The Levenshtein distance, except that swapping two neighbours counts as one edit. */
function editsBetween(one: string, other: string): number {
  // The caller's name may have any length; names of options are short.
  if (Math.abs(one.length - other.length) > other.length) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let at = 1; at <= one.length; at++) {
    const next = [at]
    for (let to = 1; to <= other.length; to++) {
      const same = one[at - 1] === other[to - 1]
      let edits = Math.min((last[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, (last[to - 1] ?? 0) + (same ? 0 : 1))
      if (at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1])
        edits = Math.min(edits, (before[to - 2] ?? 0) + 1)
      next.push(edits)
    }
    before = last
    last = next
  }
  return last[other.length] ?? 0
}
