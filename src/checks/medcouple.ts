/**
 * The medcouple of sorted numbers, a robust measure of skewness from -1 to 1: the median of how far pairs of numbers around the median lie on either side.
 * Source: G. Brys, M. Hubert and A. Struyf, "A Robust Measure of Skewness", Journal of Computational and Graphical Statistics 13 (2004), 996-1017. It
 * compares all pairs, so keep the numbers to some thousands.
 */
export function medcouple(sorted: Float64Array): number {
  const middle = quantile(sorted, 0.5)
  const below = sorted.filter((value) => value <= middle)
  const above = sorted.filter((value) => value >= middle)
  const ties = sorted.filter((value) => value === middle).length
  const kernel = new Float64Array(below.length * above.length)
  let at = 0
  for (const [i, high] of above.entries())
    for (const [j, low] of below.entries()) {
      // Pairs of the median with itself count by their places: as many below as above.
      const place = i + (below.length - 1 - j) - (ties - 1)
      kernel[at++] = high === low ? -Math.sign(place) : (high - middle - (middle - low)) / (high - low)
    }
  return quantile(kernel.sort(), 0.5)
}

/** A quantile of sorted numbers, between neighbours in proportion. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}
