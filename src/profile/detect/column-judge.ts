import { columnType } from "./column-type.ts"
import type { ColumnValues, JudgedValue } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import { dictionaryJudge } from "./dictionary-judge.ts"
import type { ForeignJudge } from "./foreign-values.ts"
import { formatJudge } from "./format-judge.ts"
import { nullJudge } from "./null-judge.ts"
import { type OrderJudge, orderJudge } from "./order-judge.ts"
import { rangeJudge } from "./range-judge.ts"
import type { Suspicion } from "./suspicion.ts"
import { type ValueForm, valueForm } from "./value-form.ts"
import { wordJudge } from "./word-judge.ts"

/** Judges the cells of a column by the column alone. */
export interface ColumnJudge {
  /** Judges a value of the sample, by its code. */
  readonly known: (code: number) => readonly Suspicion[]
  /** Judges a value that the sample does not have. */
  readonly other: (text: string) => readonly Suspicion[]
  /** Judges a number between those of its neighbours, if the rows are sorted by the column. */
  readonly order: OrderJudge | undefined
}

const nothing: readonly Suspicion[] = []

/** A judge of the cells of a column. Each value of the sample is judged once. */
export function columnJudge(column: ColumnValues, foreign: ForeignJudge): ColumnJudge {
  const type = columnType(column)
  const judges = [
    nullJudge(column, type),
    formatJudge(column, type),
    dictionaryJudge(column, type),
    wordJudge(column, type),
    (value: JudgedValue) => foreign(column, value),
    rangeJudge(column, type),
  ]
  const ofEmpty = emptyJudge(column)
  const before: (readonly Suspicion[] | undefined)[] = []
  const judge = (text: string, form: ValueForm | undefined, count: number) => {
    if (form === undefined) return ofEmpty
    const value = { text, form, count }
    const found = judges.flatMap((each) => each(value) ?? nothing)
    return found.length === 0 ? nothing : found
  }
  const known = (code: number) => {
    const found = before[code] ?? judge(column.values[code] ?? "", column.forms[code], column.counts[code] ?? 0)
    before[code] = found
    return found
  }
  const other = (text: string) => judge(text, text.trim() === "" ? undefined : valueForm(text), 0)
  return { known, other, order: orderJudge(column, type) }
}

/** An empty cell of a column that is nearly always filled. */
function emptyJudge({ filled, rows }: ColumnValues): readonly Suspicion[] {
  const share = rows === 0 ? 1 : (rows - filled) / rows
  if (filled < limits.fewCells || share > limits.someEmptyShare) return nothing
  const weight = share <= limits.rareEmptyShare ? limits.rareEmpty : limits.someEmpty
  return [{ reason: "empty", weight, message: `The column is filled in ${Math.floor(1000 * (1 - share)) / 10} % of the rows.` }]
}
