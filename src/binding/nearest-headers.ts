import { distanceOf } from "../cells/edit-distance.ts"
import { foldedKey, headerKey } from "./match-headers.ts"

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
/** The least length of a name that is looked for in the words of another. */
const shortestStem = 4

/** A header that a column probably means, and how alike they are, from 0 to 1. */
export interface ProposedHeader {
  readonly header: string
  readonly likeness: number
}

/** The header that is most like one of the names; the first one, if several are. Undefined if there is no header. */
export function nearestHeader(names: readonly string[], header: readonly string[]): ProposedHeader | undefined {
  return byLikeness(names, header.slice(0, mostHeaders))[0]
}

/**
 * For each column, the header that it probably means. A header is proposed only if it is the most like one for its column and its column the most
 * like one for it: a tie is no proposal, because it would be a guess.
 */
export function proposedHeaders(
  columns: readonly { readonly name: string; readonly aliases: readonly string[] }[],
  header: readonly string[],
): ReadonlyMap<string, ProposedHeader> {
  const headers = header.slice(0, mostHeaders)
  const wishes = columns.map(({ name, aliases }) => ({ name, likenesses: byLikeness([name, ...aliases], headers) }))
  const proposed = new Map<string, ProposedHeader>()
  for (const { name, likenesses } of wishes) {
    const [best, next] = likenesses
    if (best === undefined || best.likeness < leastLikeness || best.likeness === next?.likeness) continue
    const isWantedMore = wishes.some(
      (other) =>
        other.name !== name && other.likenesses.some(({ header, likeness }) => header === best.header && likeness >= best.likeness),
    )
    if (!isWantedMore) proposed.set(name, best)
  }
  return proposed
}

/** The headers with their likeness to the name that is most like them, the best first. */
function byLikeness(names: readonly string[], headers: readonly string[]): readonly ProposedHeader[] {
  const forms = names.map(formsOf)
  const likenesses = headers.map((header) => {
    const own = formsOf(header)
    return { header, likeness: Math.max(...forms.map((form) => likenessOf(form, own))) }
  })
  return likenesses.sort((one, other) => other.likeness - one.likeness)
}

/** A name as it is written, its words, and these in alphabetical order: `Date of order` is like `orderDate`. */
interface Forms {
  readonly key: string
  readonly words: readonly string[]
  readonly sorted: string
}

function formsOf(name: string): Forms {
  const cut = name.slice(0, 4 * longestKey)
  const words = cut
    .replace(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, "$1 ")
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .map(foldedKey)
  return { key: foldedKey(cut).slice(0, longestKey), words, sorted: words.toSorted().join("").slice(0, longestKey) }
}

function likenessOf(one: Forms, other: Forms): number {
  const share = Math.max(shareOf(one.key, other.key), shareOf(one.sorted, other.sorted))
  return hasWord(one, other.key) || hasWord(other, one.key) ? Math.max(share, leastLikeness + share / 4) : share
}

/** Whether a word begins or ends with a whole name: `Kundenname` and `Name des Kunden` with `Kunde`. A short name occurs in many words by chance. */
function hasWord({ words }: Forms, key: string): boolean {
  return key.length >= shortestStem && words.some((word) => word.startsWith(key) || word.endsWith(key))
}

function shareOf(one: string, other: string): number {
  return 1 - distanceOf(one, other) / Math.max(1, one.length, other.length)
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
