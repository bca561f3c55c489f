import type { KeyCheck } from "../contract/check.ts"
import { shownText } from "../errors/shown-text.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { either, fullList, kind, list, number, text } from "../options/option-kinds.ts"
import { cellText } from "./cell-text.ts"
import {
  compareDecimals,
  decimalText,
  type ExactDecimal,
  exactDecimal,
  negative,
  productOfDecimals,
  sumOfDecimals,
} from "./exact-decimal.ts"

/** Options of `productOf`. */
export interface EquationOptions {
  /** How far the result may be off, such as `"0.01"`. Default: 0. */
  readonly tolerance?: string | number | undefined
}

/** Options of `sumOf`. */
export interface SumOptions<K extends string> extends EquationOptions {
  /** Columns that are subtracted. Default: none. */
  readonly minus?: readonly K[] | undefined
}

/**
 * Checks that a column is the sum of others, such as `total` of `net` and `tax`. Texts, decimals and numbers are added exactly. A row in which one of
 * the cells is empty or no number is not judged. A failure (`sum.wrong`) blames the column of the sum and costs accuracy.
 */
export function sumOf<const K extends string, const P extends string, const M extends string = never>(
  column: K,
  plus: readonly [P, ...P[]],
  options: SumOptions<M> = {},
): KeyCheck<K | P | M> {
  checkColumns("sumOf()", column, plus)
  checkOptions<SumOptions<string>>("sumOf()", options, { minus: list(text(), "a list of column names"), tolerance })
  const minus: readonly M[] = options.minus ?? []
  return equation<K | P | M>({
    name: "sumOf",
    code: "sum.wrong",
    column,
    operands: [...plus, ...minus],
    shown: [plus.join(" + "), ...minus].join(" - "),
    tolerance: options.tolerance,
    result: (values) => values.map((value, at) => (at < plus.length ? value : negative(value))).reduce(sumOfDecimals),
  })
}

/**
 * Checks that a column is the product of others, such as `amount` of `quantity` and `price`, exactly or within a tolerance. A row in which one of the cells
 * is empty or no number is not judged. A failure (`product.wrong`) blames the column of the product and costs accuracy.
 */
export function productOf<const K extends string, const P extends string>(
  column: K,
  factors: readonly [P, ...P[]],
  options: EquationOptions = {},
): KeyCheck<K | P> {
  checkColumns("productOf()", column, factors)
  checkOptions<EquationOptions>("productOf()", options, { tolerance })
  return equation<K | P>({
    name: "productOf",
    code: "product.wrong",
    column,
    operands: factors,
    shown: factors.join(" * "),
    tolerance: options.tolerance,
    result: (values) => values.reduce(productOfDecimals),
  })
}

const tolerance = either(
  number(0),
  kind<string>('a decimal such as "0.01"', (value) => typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value)),
)

function checkColumns(call: string, column: unknown, operands: unknown): void {
  checkArgument(`The column of ${call}`, column, text("the name of a column"), "PIPELINE_INVALID")
  checkArgument(
    `The second argument of ${call}`,
    operands,
    fullList(text("the name of a column"), "a list of column names"),
    "PIPELINE_INVALID",
  )
}

interface Equation<K extends string> {
  readonly name: string
  readonly code: "sum.wrong" | "product.wrong"
  readonly column: K
  readonly operands: readonly K[]
  /** The right-hand side, for messages. */
  readonly shown: string
  readonly tolerance: string | number | undefined
  result(values: readonly ExactDecimal[]): ExactDecimal
}

function equation<K extends string>({ name, code, column, operands, shown, tolerance: most = 0, result }: Equation<K>): KeyCheck<K> {
  const bound = exactDecimal(typeof most === "string" ? most : plainDecimal(most)) ?? { units: 0n, scale: 0 }
  return {
    kind: "key",
    name: `${name}.${column}`,
    columns: [column, ...operands],
    judges: [column],
    dimension: "accuracy",
    parameters: { result: shown, tolerance: decimalText(bound) },
    fixedState: true,
    begin: () => undefined,
    test(columns, rows, _state, fail) {
      for (const row of rows) {
        if (columns.some((cells) => cells.nulls.has(row))) continue
        const [given, ...values] = columns.map((cells) => exactDecimal(cellText(cells, row)))
        if (given === undefined || !values.every((value) => value !== undefined)) continue
        const expected = result(values)
        const off = sumOfDecimals(given, negative(expected))
        if (compareDecimals(off, bound) <= 0 && compareDecimals(negative(off), bound) <= 0) continue
        fail(row, {
          code,
          message: `${column} is ${shownText(decimalText(given))}, but ${shown} is ${shownText(decimalText(expected))}.`,
          column,
        })
      }
    },
  }
}

/** A tolerance is a small number, and may be written with an exponent. */
function plainDecimal(value: number): string {
  return value.toFixed(20)
}
