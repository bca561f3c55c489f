import { quoted } from "../cells/readers/quoted.ts"
import type { KeyCheck, KeyFinding } from "../contract/check.ts"
import type { Column } from "../model/column.ts"
import { checkArgument } from "../options/check-argument.ts"
import { fullList, text } from "../options/option-kinds.ts"
import { cellText } from "./cell-text.ts"
import { compareDecimals, exactDecimal } from "./exact-decimal.ts"

/**
 * Checks that the values of a row do not fall from one column to the next, such as `orderedOn`, `shippedOn` and `deliveredOn`. It compares dates, numbers,
 * decimals, and dates as texts in the form of ISO 8601. Empty cells are passed over. A failure (`order.wrong`) blames the later column and costs
 * consistency.
 */
export function ordered<const K extends string>(...columns: readonly [K, K, ...K[]]): KeyCheck<K> {
  checkArgument("ordered()", columns, fullList(text("the name of a column"), "names of columns, one after another"), "PIPELINE_INVALID")
  checkArgument("The second column of ordered()", columns[1], text("the name of a column"), "PIPELINE_INVALID")
  return {
    kind: "key",
    name: `ordered.${columns.join("+")}`,
    columns,
    judges: columns.slice(1),
    dimension: "consistency",
    parameters: { columns },
    fixedState: true,
    begin: () => undefined,
    test(cells, rows, _state, fail) {
      for (const row of rows) {
        let last = -1
        for (const [at, column] of cells.entries()) {
          if (column.nulls.has(row)) continue
          const before = cells[last]
          if (before !== undefined && isLess(column, before, row))
            fail(row, outOfOrder(columns[at] ?? "", cellText(column, row), columns[last] ?? "", cellText(before, row)))
          last = at
        }
      }
    },
  }
}

function outOfOrder(column: string, value: string, earlier: string, bound: string): KeyFinding {
  return { code: "order.wrong", message: `${column} is ${quoted(value)}, which is less than ${earlier}, ${quoted(bound)}.`, column }
}

function isLess(column: Column<unknown>, before: Column<unknown>, row: number): boolean {
  const [value, bound] = [column.at(row), before.at(row)]
  if (value instanceof Date && bound instanceof Date) return value.getTime() < bound.getTime()
  const [one, other] = [cellText(column, row), cellText(before, row)]
  const [decimal, decimalBound] = [exactDecimal(one), exactDecimal(other)]
  if (decimal !== undefined && decimalBound !== undefined) return compareDecimals(decimal, decimalBound) < 0
  return isIsoDate(one) && isIsoDate(other) && one.length === other.length && one < other
}

/** In this form, and in equal length, dates compare as texts. */
function isIsoDate(value: string): boolean {
  return value.length < 40 && /^\d{4}-\d{2}(?:-\d{2})?(?:[T ][\d:.]+Z?)?$/.test(value)
}
