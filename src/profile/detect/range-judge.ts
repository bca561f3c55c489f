import { medcouple, quantile } from "../../sketch/medcouple.ts"
import type { ColumnType } from "./column-type.ts"
import type { ColumnValues, JudgedValue } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import type { Suspicion } from "./suspicion.ts"

interface Fences {
  readonly low: number
  readonly high: number
}

/** The normal distribution's standard deviation, from its median absolute deviation. */
const deviationOfMad = 1.4826

/** Judges numbers and ISO dates by the range of the others. */
export function rangeJudge(column: ColumnValues, type: ColumnType): (value: JudgedValue) => Suspicion | undefined {
  const numbers = type.kind === "text" ? new Float64Array() : numbersOf(column)
  const distinct = new Set(numbers).size
  if (numbers.length < limits.fewNumbers || distinct < limits.leastNumbers) return () => undefined
  const near = fencesOf(numbers)
  const logs = (numbers[0] ?? 0) > 0 ? logFences(numbers) : undefined
  const far = beyondGaps(numbers)
  // Lengths in the wrong unit may be tiny: among positive numbers, what lies beyond a gap of the logarithms is far too.
  const tiny = logs === undefined ? Number.NEGATIVE_INFINITY : beyondGaps(numbers.map(Math.log)).low
  const isNear = (value: number) => isBeyond(value, near) && isBeyondLogs(value, logs)
  const isTiny = (value: number) => value > 0 && Math.log(value) <= tiny && isBeyondLogs(value, logs)
  return ({ form: { number } }) => {
    if (number === undefined) return undefined
    const isSlip = isTiny(number) || (isNear(number) && (number <= far.low || number >= far.high))
    if (!isSlip && !isNear(number)) return undefined
    return {
      reason: "outlier",
      weight: isSlip ? limits.farOutlier : limits.outlier,
      message: `It is ${isSlip ? "far " : ""}outside of the usual range of the column.`,
    }
  }
}

/** The numbers of the column's cells, sorted. */
function numbersOf(column: ColumnValues): Float64Array {
  const numbers = new Float64Array(column.filled)
  let length = 0
  column.forms.forEach((form, code) => {
    if (form?.number === undefined) return
    const count = column.counts[code] ?? 0
    numbers.fill(form.number, length, length + count)
    length += count
  })
  return numbers.slice(0, length).sort()
}

/**
 * The adjusted box plot: M. Hubert and E. Vandervieren, "An adjusted boxplot for skewed distributions", Computational Statistics & Data Analysis 52, 2008. For a
 * medcouple MC >= 0, the fences are Q1 - 1.5 e^(-4 MC) IQR and Q3 + 1.5 e^(3 MC) IQR; for MC < 0, -3 and 4 take their places. Twice the paper's 1.5, since the
 * original marks 0.7 % of a normal distribution.
 */
function fencesOf(sorted: Float64Array): Fences {
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const [first, third] = [at(0.25), at(0.75)]
  const skew = medcouple(sorted)
  const [left, right] = skew >= 0 ? [-4, 3] : [-3, 4]
  const range = third - first
  return { low: first - 3 * Math.exp(left * skew) * range, high: third + 3 * Math.exp(right * skew) * range }
}

/** Of positive numbers, the median of the logarithms and their median absolute deviation too: incomes and populations are log-normal. */
function logFences(sorted: Float64Array): Fences {
  const logs = sorted.map(Math.log)
  const median = quantile(logs, 0.5)
  const deviation = deviationOfMad * quantile(logs.map((value) => Math.abs(value - median)).sort(), 0.5)
  const reach = limits.logDeviations * deviation
  return { low: median - reach, high: median + reach }
}

/** The first numbers beyond a gap on either side; infinite if there is none. */
function beyondGaps(sorted: Float64Array): Fences {
  const { length } = sorted
  const median = quantile(sorted, 0.5)
  const at = (position: number) => sorted[position] as number
  const least = at(Math.round(0.75 * (length - 1))) - at(Math.round(0.25 * (length - 1)))
  const isGap = (from: number, to: number) => Math.abs(at(to) - median) >= limits.gapRatio * Math.max(least, Math.abs(at(from) - median))
  const place = (share: number) => Math.round(share * (length - 1))
  // Far out in a heavy tail, every second number lies beyond a gap.
  const isHeavy = (near: number, far: number) => Math.abs(at(place(far)) - median) >= limits.heavyTail * Math.abs(at(place(near)) - median)
  let high = isHeavy(0.65, 0.8) ? length : place(0.8)
  while (high + 1 < length && !isGap(high, high + 1)) high++
  let low = isHeavy(0.35, 0.2) ? 0 : place(0.2)
  while (low > 0 && !isGap(low, low - 1)) low--
  return {
    low: low > 0 ? at(low - 1) : Number.NEGATIVE_INFINITY,
    high: high + 1 < length ? at(high + 1) : Number.POSITIVE_INFINITY,
  }
}

function isBeyond(value: number, { low, high }: Fences): boolean {
  return value < low || value > high
}

function isBeyondLogs(value: number, logs: Fences | undefined): boolean {
  return logs === undefined || value <= 0 || isBeyond(Math.log(value), logs)
}
