import { type NumberNotation, toPlainNumber } from "../cells/number-notation.ts"
import type { CountedValue } from "../sketch/counted-minima.ts"
import { Extremes } from "./extremes.ts"
import { notationOfReading } from "./notation-of-reading.ts"
import type { ProposedReading } from "./proposal.ts"
import type { SeenCell } from "./seen-cell.ts"
import { TextType } from "./text-type.ts"

const textType = new TextType()

/** The numbers among values that are all known, read in the notation of their column. */
export class ExactNumbers {
  readonly range = new Extremes()
  readonly #sorted: readonly { readonly number: number; readonly count: number }[]
  readonly #count: number

  constructor(values: readonly CountedValue<SeenCell>[], reading: ProposedReading = {}) {
    const notation = notationOfReading(reading)
    const numbers = values.flatMap(({ value, count }) => {
      const number = numberOf(value, notation)
      return number === undefined ? [] : [{ number, count }]
    })
    for (const { number } of numbers) this.range.add(number === 0 ? 0 : number)
    this.#sorted = numbers.sort((one, other) => one.number - other.number)
    this.#count = numbers.reduce((sum, { count }) => sum + count, 0)
  }

  /** Itself, as it stands where a sketch may stand. */
  get quantiles(): this {
    return this
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

function numberOf(cell: SeenCell, notation: NumberNotation | undefined): number | undefined {
  if (cell.type === "number") return cell.value
  if (cell.type !== "text") return undefined
  const text = cell.text.trim()
  if (notation !== undefined) {
    const plain = toPlainNumber(text, notation)
    return plain !== undefined && /^[-+]?(\d+(\.\d*)?|\.\d+)(e-2)?$/.test(plain) ? Number(plain) : undefined
  }
  const bytes = Buffer.from(text)
  textType.read(bytes, 0, bytes.length)
  return textType.type === "integer" || textType.type === "decimal" ? textType.value : undefined
}
