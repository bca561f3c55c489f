/** Why a cell is suspect. */
export type SuspectReason =
  | "dependency"
  | "duplicate"
  | "empty"
  | "foreign"
  | "format"
  | "null"
  | "order"
  | "outlier"
  | "rare"
  | "source"
  | "space"
  | "type"
  | "typo"
  | "variant"

/** One reason to suspect a cell. */
export interface Suspicion {
  /** The kind of the reason, such as `typo`. */
  readonly reason: SuspectReason
  /** How likely this reason alone makes the cell wrong, 0 to 1. */
  readonly weight: number
  /** One sentence for people. */
  readonly message: string
  /** What the cell should probably be, if the reason tells. */
  readonly expected?: string
}

/** Reasons that see the same thing. The strongest of a group counts in full, and the second by half, since it is in part the same evidence. */
const groups: { readonly [R in SuspectReason]: number } = {
  ...{ null: 0, type: 1, format: 1, space: 1, variant: 2, typo: 2, rare: 2, foreign: 3 },
  ...{ dependency: 4, source: 4, outlier: 5, order: 5, empty: 6, duplicate: 7 },
}

/**
 * Several weak reasons add up: the probability that at least one is right, if they are independent (noisy or; J. Pearl, "Probabilistic Reasoning in
 * Intelligent Systems", 1988, section 4.3.2).
 */
export function suspicionOf(reasons: readonly Suspicion[]): number {
  const first: number[] = []
  const second: number[] = []
  for (const { reason, weight } of reasons) {
    const group = groups[reason]
    const before = first[group] ?? 0
    first[group] = Math.max(before, weight)
    second[group] = Math.max(second[group] ?? 0, Math.min(before, weight))
  }
  let clean = 1
  for (const [group, weight] of first.entries()) clean *= (1 - (weight ?? 0)) * (1 - (second[group] ?? 0) / 2)
  return 1 - clean
}

/** A weight that grows from 0 at `from` to 1 at `to`. */
export function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}
