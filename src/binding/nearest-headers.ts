import { headerKey } from "./match-headers.ts"

/** Longer names are compared by this many characters, and of many headers only the first are compared, because both come from files. */
const longestKey = 32
const mostHeaders = 500
const mostNearest = 3

/** The headers that are most similar to one of the names, nearest first. */
export function nearestHeaders(names: readonly string[], header: readonly string[]): readonly string[] {
  const keys = names.map(keyOf)
  const distances = header
    .slice(0, mostHeaders)
    .map((candidate) => ({ candidate, distance: Math.min(...keys.map((key) => distanceOf(key, keyOf(candidate)))) }))
  return distances
    .sort((one, other) => one.distance - other.distance)
    .slice(0, mostNearest)
    .map(({ candidate }) => candidate)
}

/** The least likeness of a header that is proposed for a column. */
const leastLikeness = 0.5

/** The header that one of the names probably means, and how alike they are, from 0 to 1. Undefined if none is alike, or if two are equally so. */
export function proposedHeader(
  names: readonly string[],
  header: readonly string[],
): { readonly header: string; readonly likeness: number } | undefined {
  const keys = names.map(keyOf)
  const likenesses = header.slice(0, mostHeaders).map((candidate) => {
    const own = keyOf(candidate)
    const each = keys.map((key) => 1 - distanceOf(key, own) / Math.max(1, key.length, own.length))
    return { header: candidate, likeness: Math.max(...each) }
  })
  const [best, next] = likenesses.sort((one, other) => other.likeness - one.likeness)
  if (best === undefined || best.likeness < leastLikeness || best.likeness === next?.likeness) return undefined
  return best
}

/** Whether a name is probably a misspelled header: a letter or two apart. `address1` and `address2` are different names. */
export function isNearMiss(name: string, header: string): boolean {
  const [one, other] = [keyOf(name), keyOf(header)]
  const shortest = Math.min(one.length, other.length)
  if (withoutDigits(one) === withoutDigits(other)) return false
  return distanceOf(one, other) <= (shortest >= 8 ? 2 : shortest >= 4 ? 1 : 0)
}

function keyOf(name: string): string {
  return headerKey(name.slice(0, 4 * longestKey)).slice(0, longestKey)
}

function withoutDigits(key: string): string {
  return key.replace(/\p{N}/gu, "")
}

/** How many letters to add, drop, change or swap with the next one. */
function distanceOf(one: string, other: string): number {
  let before: readonly number[] = []
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1]
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const changed = (last[j - 1] ?? 0) + (isSame ? 0 : 1)
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : changed
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed, swapped))
    }
    before = last
    last = row
  }
  return last[other.length] ?? 0
}
