/** The most numbers that are looked at: the kernel is taken of all pairs of a small and a large one. */
const most = 400

/**
 * The medcouple of sorted numbers, a measure of skewness in [-1, 1] that a quarter of the numbers cannot distort.
 *
 * G. Brys, M. Hubert and A. Struyf, "A robust measure of skewness", Journal of Computational and Graphical Statistics 13, 2004: the median of
 * h(x, y) = ((y - m) - (m - x)) / (y - x) over all x <= m <= y, m the median. Of more than 400 numbers, 400 evenly spaced quantiles stand for all.
 */
export function medcouple(sorted: ArrayLike<number>): number {
  const numbers = evenly(sorted)
  const median = middle(numbers)
  const low = numbers.filter((value) => value <= median)
  const high = numbers.filter((value) => value >= median)
  const kernel: number[] = []
  for (const x of low) for (const y of high) if (y > x) kernel.push((y - median - (median - x)) / (y - x))
  if (kernel.length === 0) return 0
  return middle(Float64Array.from(kernel).sort())
}

/** The median of sorted numbers. */
export function middle(sorted: ArrayLike<number>): number {
  const { length } = sorted
  return ((sorted[(length - 1) >> 1] ?? 0) + (sorted[length >> 1] ?? 0)) / 2
}

function evenly(sorted: ArrayLike<number>): readonly number[] {
  const { length } = sorted
  if (length <= most) return Array.from(sorted)
  return Array.from({ length: most }, (_, at) => sorted[Math.round((at * (length - 1)) / (most - 1))] ?? 0)
}
