import type { ColumnType } from "./column-type.ts"
import type { ColumnValues } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import type { Suspicion } from "./suspicion.ts"

const found: Suspicion = {
  reason: "order",
  weight: limits.outOfOrder,
  message: "The rows are sorted by this column, but this cell is not between its neighbours.",
}

/** Judges a number or a date by those of the rows before and after it, NaN where there is none. Undefined if the rows are not sorted by the column. */
export type OrderJudge = (before: number, here: number, after: number) => Suspicion | undefined

export function orderJudge(column: ColumnValues, type: ColumnType): OrderJudge | undefined {
  if (type.kind === "text" || column.filled < limits.fewCells || column.distinct < limits.leastNumbers) return undefined
  const numbers = Float64Array.from(column.codes, (code) => column.forms[code]?.number ?? Number.NaN)
  const sign = directionOf(numbers, 1)
  if (sign === 0 || directionOf(numbers, limits.farRows) !== sign) return undefined
  const reach = limits.mostSteps * usualStep(numbers, sign)
  return (before, here, after) => {
    const [low, middle, high] = [sign * before, sign * here, sign * after]
    return low <= high && (middle < low - reach || middle > high + reach) ? found : undefined
  }
}

/** 1 if rows that are `apart` ascend, -1 if they descend, and 0 if they do neither. */
function directionOf(numbers: Float64Array, apart: number): -1 | 0 | 1 {
  let [up, down] = [0, 0]
  for (let row = apart; row < numbers.length; row++) {
    const step = (numbers[row] as number) - (numbers[row - apart] as number)
    if (step > 0) up++
    else if (step < 0) down++
  }
  const steps = up + down
  if (steps < limits.fewCells || Math.max(up, down) < limits.sortedShare * steps) return 0
  return up > down ? 1 : -1
}

/** A step in the right direction that few are greater than. */
function usualStep(numbers: Float64Array, sign: -1 | 1): number {
  const steps = Float64Array.from(numbers, (number, row) => sign * (number - (numbers[row - 1] ?? Number.NaN))).filter((step) => step > 0)
  steps.sort()
  return steps[Math.floor(limits.usualStep * steps.length)] ?? 0
}
