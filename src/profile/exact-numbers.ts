import type { CountedValue } from "../sketch/counted-minima.ts"
import type { SeenCell } from "./seen-cell.ts"
import { TextType } from "./text-type.ts"

const textType = new TextType()

/** The numbers among values that are all known, for exact quantiles. */
export class ExactNumbers {
  readonly #sorted: readonly { readonly number: number; readonly count: number }[]
  readonly #count: number

  constructor(values: readonly CountedValue<SeenCell>[]) {
    const numbers = values.flatMap(({ value, count }) => {
      const number = numberOf(value)
      return number === undefined ? [] : [{ number, count }]
    })
    this.#sorted = numbers.sort((one, other) => one.number - other.number)
    this.#count = numbers.reduce((sum, { count }) => sum + count, 0)
  }

  /** The number of rank floor(q (n - 1)), from 0, as `LogQuantiles` defines it. */
  quantile(q: number): number | undefined {
    let left = Math.floor(q * (this.#count - 1))
    return this.#sorted.find(({ count }) => {
      left -= count
      return left < 0
    })?.number
  }
}

function numberOf(cell: SeenCell): number | undefined {
  if (cell.type === "number") return cell.value
  if (cell.type !== "text") return undefined
  const bytes = Buffer.from(cell.text.trim())
  textType.read(bytes, 0, bytes.length)
  return textType.type === "integer" || textType.type === "decimal" ? textType.value : undefined
}
