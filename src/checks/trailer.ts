import { quoted } from "../cells/readers/quoted.ts"
import type { KeyCheck } from "../contract/check.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { list, record, text as textKind } from "../options/option-kinds.ts"
import { cellText } from "./cell-text.ts"
import { compareDecimals, decimalText, exactDecimal, sumOfDecimals } from "./exact-decimal.ts"

/** Options of `trailer`. */
export interface TrailerOptions<K extends string> {
  /** The column of the control record that says how many rows are above it. */
  readonly count?: K | undefined
  /** The columns that are added up, each with the column of the control record that holds its sum: `{ amount: "amount" }`. */
  readonly sums?: { readonly [column in K]?: K | undefined } | undefined
  /** Values of the marking column whose rows do not count, such as those of a head record. Default: none. */
  readonly ignore?: readonly string[] | undefined
}

/** The rows since the last control record. */
interface Totals {
  readonly count: number
  /** The sum of each column, as a decimal text. */
  readonly sums: readonly string[]
  /** Whether there was a control record, so that rows before these no longer matter. */
  readonly closed: boolean
}

/**
 * Checks the totals of control records: rows that say how many rows are above them, or what their columns add up to. A control record has `value` in `column`. A
 * wrong total (`trailer.wrong`) blames the cell of the control record that holds it, and costs consistency. Each control record covers the rows since the one
 * before. Empty cells, and those that are no numbers, add nothing.
 */
export function trailer<const C extends string, const K extends string>(
  column: C,
  value: string,
  options: TrailerOptions<K>,
): KeyCheck<C | K> {
  checkArgument("The column of trailer()", column, textKind("the name of a column"), "PIPELINE_INVALID")
  checkArgument("The second argument of trailer()", value, textKind("the text that marks a control record"), "PIPELINE_INVALID")
  checkOptions<TrailerOptions<string>>("trailer()", options, {
    count: textKind("the name of a column"),
    sums: record(textKind("the name of a column"), "an object of column names"),
    ignore: list(textKind()),
  })
  const added = Object.entries(options.sums ?? {}).filter((pair): pair is [K, K] => pair[1] !== undefined)
  const { count } = options
  if (count === undefined && added.length === 0) throw nothingToCheck()
  const ignored = new Set(options.ignore)
  const columns: readonly (C | K)[] = [...new Set<C | K>([column, ...(count === undefined ? [] : [count]), ...added.flat()])]
  const place = (name: C | K) => columns.indexOf(name)
  const judges = [...new Set([...(count === undefined ? [] : [count]), ...added.map(([, total]) => total)])]
  const fresh: Totals = { count: 0, sums: added.map(() => "0"), closed: false }
  return {
    kind: "key",
    name: `trailer.${column}`,
    columns,
    judges,
    dimension: "consistency",
    parameters: { value, count: count ?? null, sums: Object.fromEntries(added), ignore: [...ignored] },
    begin: (): { totals: Totals } => ({ totals: fresh }),
    test(cells, rows, state, fail) {
      const known = state as { totals: Totals }
      const textOf = (name: C | K, row: number) => {
        const cell = cells[place(name)]
        return cell === undefined || cell.nulls.has(row) ? undefined : cellText(cell, row)
      }
      for (const row of rows) {
        const mark = textOf(column, row)
        if (mark !== value) {
          if (mark === undefined || !ignored.has(mark)) known.totals = withRow(known.totals, (at) => textOf(added[at]?.[0] ?? column, row))
          continue
        }
        const { totals } = known
        const compare = (name: K, expected: string, what: string) => {
          const stated = textOf(name, row)
          if (stated === undefined || isEqual(stated, expected)) return
          fail(row, { code: "trailer.wrong", message: `The control record says ${quoted(stated)}, but ${what} ${expected}.`, column: name })
        }
        if (count !== undefined) compare(count, String(totals.count), "the number of rows above it is")
        for (const [at, [name, total]] of added.entries()) compare(total, totals.sums[at] ?? "0", `the sum of ${name} above it is`)
        known.totals = { ...fresh, closed: true }
      }
    },
    merge(one, other) {
      const [first, second] = [one, other].map((each) => (each as { totals: Totals }).totals) as [Totals, Totals]
      return { totals: second.closed ? second : { ...joined(first, second), closed: first.closed } }
    },
  }
}

function withRow({ count, sums, closed }: Totals, textAt: (at: number) => string | undefined): Totals {
  return { count: count + 1, sums: sums.map((sum, at) => plus(sum, textAt(at) ?? "0")), closed }
}

function joined(one: Totals, other: Totals): Totals {
  return { count: one.count + other.count, sums: one.sums.map((sum, at) => plus(sum, other.sums[at] ?? "0")), closed: other.closed }
}

function plus(sum: string, text: string): string {
  const [one, other] = [exactDecimal(sum), exactDecimal(text)]
  return one === undefined || other === undefined ? sum : decimalText(sumOfDecimals(one, other))
}

function isEqual(stated: string, expected: string): boolean {
  const [one, other] = [exactDecimal(stated), exactDecimal(expected)]
  return one !== undefined && other !== undefined && compareDecimals(one, other) === 0
}

function nothingToCheck(): RowgateError {
  return new RowgateError({
    code: "CONFIG_INVALID",
    message: "trailer() needs the option count or sums, because it would check nothing.",
    remedy: "Name the column of the control record that holds a total.",
  })
}
