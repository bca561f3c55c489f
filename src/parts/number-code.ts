/** Whole numbers from 0 to 2^32 - 1, one for each row: all the same, or 1, 2 or 4 bytes each, from this place of the arrays. */
export type WholeCode = readonly ["same", number] | readonly ["u8" | "u16" | "u32", number]

/**
 * Numbers, one for each row: as doubles, or as whole numbers `w` from which they are computed. With `ints`, a number is
 * `(base + w) * unit / per`, and with `nulls` it is NaN if w is 0. With `steps`, each is `(base + w) * unit / per` more than the one before.
 */
export type NumberCode = readonly ["doubles", number] | readonly ["ints" | "steps", WholeCode, NumberScale]

/** How numbers are computed from whole numbers. */
export interface NumberScale {
  readonly base: number
  readonly unit: number
  readonly per: number
  /** The first number of `steps`, as a multiple of `unit / per`. */
  readonly first?: number
  /** Whether 0 means NaN, and 1 means `base`. */
  readonly nan?: boolean
}
