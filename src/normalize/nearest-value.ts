import { distanceOf } from "../cells/edit-distance.ts"

/** Longer texts are compared by this many characters, because they come from files. */
const longestKey = 64
const mostValues = 2000

/**
 * The value that a text probably means: the only one that is a letter or two away. Undefined if there is none, or if two are equally near. Texts that
 * differ in digits only, such as `A1` and `A2`, are different codes. `keys` are pairs of what is compared and the value behind it.
 */
export function nearestValue(text: string, keys: readonly (readonly [key: string, value: string])[]): string | undefined {
  let nearest = Number.POSITIVE_INFINITY
  let found = new Set<string>()
  for (const [key, value] of keys.slice(0, mostValues)) {
    const distance = nearness(text, key)
    if (distance < nearest) found = new Set()
    if (distance <= nearest && distance !== Number.POSITIVE_INFINITY) found.add(value)
    nearest = Math.min(nearest, distance)
  }
  const [only] = found
  return found.size === 1 ? only : undefined
}

function nearness(one: string, other: string): number {
  if (one === other) return 0
  const [shorter, longer] = [Math.min(one.length, other.length), Math.max(one.length, other.length)]
  const most = shorter >= 8 ? 2 : shorter >= 4 ? 1 : 0
  if (longer > longestKey || longer - shorter > most || withoutDigits(one) === withoutDigits(other)) return Number.POSITIVE_INFINITY
  const distance = distanceOf(one, other)
  return distance <= most ? distance : Number.POSITIVE_INFINITY
}

function withoutDigits(key: string): string {
  return key.replace(/\p{N}/gu, "")
}
