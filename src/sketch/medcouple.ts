/** The most numbers that are compared: the medcouple looks at all pairs of a small and a large one. */
const most = 400

/**
 * The medcouple of sorted numbers, a measure of skewness from -1 to 1 that a quarter of the numbers cannot distort: the median of how far pairs of numbers
 * around the median lie on either side. Source: G. Brys, M. Hubert and A. Struyf, "A Robust Measure of Skewness", Journal of Computational and Graphical
 * Statistics 13 (2004), 996-1017. Of more than 400 numbers, 400 evenly spaced quantiles stand for all.
 */
export function medcouple(sorted: Float64Array): number {
  const numbers = evenly(sorted)
  const middle = quantile(numbers, 0.5)
  const below = numbers.filter((value) => value <= middle)
  const above = numbers.filter((value) => value >= middle)
  const ties = numbers.filter((value) => value === middle).length
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

/** A quantile of sorted numbers, between neighbours in proportion. NaN if there are none. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}

function evenly(sorted: Float64Array): Float64Array {
  const { length } = sorted
  if (length <= most) return sorted
  return Float64Array.from({ length: most }, (_, at) => sorted[Math.round((at * (length - 1)) / (most - 1))] ?? Number.NaN)
}
