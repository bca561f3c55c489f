import { disguisedDays, disguisedNulls, disguisedNumberAt, disguisedWords } from "../disguised-nulls.ts"
import type { ColumnType } from "./column-type.ts"
import type { ColumnValues, JudgedValue } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import type { Suspicion } from "./suspicion.ts"

const words = new Set(disguisedNulls.slice(0, disguisedWords))
const days = new Set(disguisedDays.map(({ day }) => day))

/** Judges whether a value stands for no value: words such as `n/a`, and numbers and dates at the end of the range, far from all others. */
export function nullJudge(column: ColumnValues, type: ColumnType): (value: JudgedValue) => Suspicion | undefined {
  const { filled } = column
  const likeCodes = column.shares(({ pattern }) => pattern)
  const far = farNulls(column)
  return ({ text: value, form, count }) => {
    if (form.number !== undefined) return far.has(value) ? found(value, limits.nullNumber) : undefined
    const word = value.trim().toLowerCase()
    if (!words.has(word)) return undefined
    // NA is a country among other codes of two capitals.
    if (/^[A-Z]+$/.test(value.trim()) && likeCodes.count(form.pattern) > 3 * count) return undefined
    if (type.kind === "number" || type.kind === "moment") return found(value, limits.nullAmongNumbers)
    return found(value, count >= limits.nullWordShare * filled ? limits.frequentNullWord : limits.nullWord)
  }
}

function found(value: string, weight: number): Suspicion {
  return { reason: "null", weight, message: `${JSON.stringify(value)} may stand for no value.` }
}

/** Repeated numbers and dates that stand for no value, at an end of the range, far from the median and from all ordinary values. */
function farNulls(column: ColumnValues): ReadonlySet<string> {
  const ordinary: Counted[] = []
  const marks: Counted[] = []
  column.forms.forEach((form, code) => {
    if (form?.number === undefined) return
    const isDay = form.kind === "moment"
    const each = { number: form.number, count: column.counts[code] ?? 0, value: column.values[code] ?? "", isDay }
    const isMark = isDay ? days.has(Math.floor(form.number)) : disguisedNumberAt(form.number) >= 0
    if (isMark && each.count > 1) marks.push(each)
    else ordinary.push(each)
  })
  const total = ordinary.reduce((sum, { count }) => sum + count, 0)
  if (marks.length === 0 || total < limits.fewCells) return new Set()
  ordinary.sort((one, other) => one.number - other.number)
  const median = medianOf(ordinary, total)
  const [least, greatest] = [ordinary[0]?.number ?? 0, ordinary.at(-1)?.number ?? 0]
  const isFar = ({ number, isDay }: Counted) => {
    const gap = Math.max(least - number, number - greatest)
    if (isDay) return gap > limits.nullDayGap
    if (number === -1) return least >= 0 && median > 1
    return gap > 0 && Math.abs(number) > limits.nullNumberRatio * Math.abs(median)
  }
  return new Set(marks.filter(isFar).map(({ value }) => value))
}

function medianOf(sorted: readonly Counted[], total: number): number {
  let seen = 0
  for (const { number, count } of sorted) {
    seen += count
    if (2 * seen >= total) return number
  }
  return 0
}

interface Counted {
  readonly number: number
  readonly count: number
  readonly value: string
  readonly isDay: boolean
}
