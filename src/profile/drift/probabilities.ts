/**
 * The probability that the greatest distance of two empirical distribution functions is at least `distance`, if both samples come from one distribution; too high,
 * and so on the safe side, if values are tied. N. Smirnov, "Table for estimating the goodness of fit of empirical distributions", Annals of Mathematical Statistics 19
 * (1948), with the correction for small samples of M. A. Stephens, Journal of the Royal Statistical Society B 32 (1970).
 */
export function smirnov(distance: number, one: number, other: number): number {
  const root = Math.sqrt((one * other) / (one + other))
  const lambda = (root + 0.12 + 0.11 / root) * distance
  if (lambda < 0.3) return 1
  let sum = 0
  for (let k = 1, sign = 1; k <= 100; k++, sign = -sign) {
    const term = Math.exp(-2 * (k * lambda) ** 2)
    sum += sign * term
    if (term < 1e-12 * Math.abs(sum)) break
  }
  return Math.min(1, Math.max(0, 2 * sum))
}

/** The probability that a chi-square of so many degrees of freedom is at least `value`: Q(degrees / 2, value / 2), by DLMF 8.11.4 and 8.9.2. */
export function chiSquare(value: number, degrees: number): number {
  if (!(value > 0) || degrees < 1) return 1
  const [a, x] = [degrees / 2, value / 2]
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let [sum, term] = [1 / a, 1 / a]
    for (let n = 1; term > sum * 1e-15 && n < 10_000; n++) {
      term *= x / (a + n)
      sum += term
    }
    return Math.max(0, 1 - front * sum)
  }
  // Lentz's method for the continued fraction.
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let fraction = d
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / nonZero(an * d + b)
    c = nonZero(b + an / c)
    const step = c * d
    fraction *= step
    if (Math.abs(step - 1) < 1e-15) break
  }
  return front * fraction
}

/** The probability that Student's t of so many degrees of freedom is at least |t| away from 0: M. Abramowitz and I. Stegun, 26.7.3 and 26.7.4. */
export function student(t: number, degrees: number): number {
  const theta = Math.atan(Math.abs(t) / Math.sqrt(degrees))
  const [sine, square] = [Math.sin(theta), Math.cos(theta) ** 2]
  const isOdd = degrees % 2 === 1
  let term = isOdd ? Math.cos(theta) : 1
  let sum = degrees === 1 ? 0 : term
  for (let n = isOdd ? 3 : 2; n < degrees; n += 2) {
    term *= (square * (n - 1)) / n
    sum += term
  }
  const within = isOdd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum
  return Math.min(1, Math.max(0, 1 - within))
}

/** The probability of at least `hits` in so many trials, each with the same chance. */
export function binomialTail(hits: number, trials: number, chance: number): number {
  let [sum, log] = [0, logGamma(trials + 1) - logGamma(hits + 1) - logGamma(trials - hits + 1)]
  log += hits * Math.log(chance) + (trials - hits) * Math.log1p(-chance)
  for (let k = hits; k <= trials; k++) {
    const term = Math.exp(log)
    sum += term
    if (term < 1e-15 * sum && k > trials * chance) break
    log += Math.log(((trials - k) / (k + 1)) * (chance / (1 - chance)))
  }
  return Math.min(1, sum)
}

/**
 * Which of these probabilities are discoveries, so that at most the share `rate` of all discoveries is expected to be false: the procedure of Y. Benjamini and Y.
 * Hochberg, "Controlling the False Discovery Rate", Journal of the Royal Statistical Society B 57 (1995).
 */
export function discoveries(probabilities: readonly number[], rate: number): readonly boolean[] {
  const sorted = probabilities.toSorted((one, other) => one - other)
  const last = sorted.findLastIndex((probability, at) => probability <= (rate * (at + 1)) / sorted.length)
  const limit = sorted[last] ?? Number.NEGATIVE_INFINITY
  return probabilities.map((probability) => probability <= limit)
}

/** The logarithm of the gamma function: C. Lanczos, SIAM Journal on Numerical Analysis 1 (1964), with the coefficients of P. Godfrey. */
function logGamma(z: number): number {
  const x = z - 1
  const sum = lanczos.reduce((total, coefficient, at) => total + (at === 0 ? coefficient : coefficient / (x + at)), 0)
  const base = x + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(base) - base + Math.log(sum)
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}
