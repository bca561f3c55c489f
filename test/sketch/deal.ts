import { Random } from "../../examples/data/random.ts"

/** Deals items into parts, at random but the same for a seed. Some parts may be empty. */
export function deal<T>(items: readonly T[], parts: number, seed: number): T[][] {
  const random = new Random(seed)
  const dealt: T[][] = Array.from({ length: parts }, () => [])
  for (const item of shuffle(items, random)) dealt[random.below(parts)]?.push(item)
  return dealt
}

/** A random order. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items]
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = random.below(at + 1)
    const [one, two] = [shuffled[at] as T, shuffled[other] as T]
    shuffled[at] = two
    shuffled[other] = one
  }
  return shuffled
}

/** Merges sketches pairwise in a random order, as a tree of workers does. */
export function mergeInPairs<S>(sketches: readonly S[], merge: (one: S, other: S) => S, seed: number): S {
  const random = new Random(seed)
  const left = shuffle(sketches, random)
  while (left.length > 1) {
    const one = left.splice(random.below(left.length), 1)[0] as S
    const at = random.below(left.length)
    left[at] = merge(one, left[at] as S)
  }
  return left[0] as S
}
