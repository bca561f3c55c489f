/**
 * The lower bound of a share that was seen in a sample: with 95 % confidence, the share in the whole is at least this. It is the lower end of the
 * score interval of E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), 209-212, which stays
 * meaningful for small samples and for shares near 1. Zero for an empty sample.
 */
export function wilsonBound(agreeing: number, all: number): number {
  if (all === 0) return 0
  const share = agreeing / all
  const z2 = z * z
  const centre = share + z2 / (2 * all)
  const spread = z * Math.sqrt((share * (1 - share) + z2 / (4 * all)) / all)
  return Math.max(0, (centre - spread) / (1 + z2 / all))
}

/** The quantile of the normal distribution that leaves 2.5 % on each side. */
const z = 1.959963984540054
