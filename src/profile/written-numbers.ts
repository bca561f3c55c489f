import { type AmountParts, amountParts } from "../cells/amount-parts.ts"
import { groupApostrophes, groupBlanks, type NumberNotation, toPlainNumber } from "../cells/number-notation.ts"
import { NumberSketch, type NumberSketchState } from "./number-sketch.ts"
import type { ProposedReading } from "./proposal.ts"

/** A `WrittenNumbers` as plain JSON: sketches by their notation. */
export type WrittenNumbersState = readonly (readonly [notation: string, sketch: NumberSketchState])[]

const marks = [...groupBlanks, ...groupApostrophes]
const signs: readonly NumberNotation[] = [
  { decimal: ".", groups: [",", ...marks], pairs: true },
  { decimal: ",", groups: [".", ...marks] },
]

/** A file may have an amount in any currency, and each takes a sketch. The notations that come first in order are kept, whatever the order of the rows is. */
const mostNotations = 64

/** What the name of a notation is made of. */
type Notation = Pick<AmountParts, "isAccounting" | "hasPercent" | "currency">

/**
 * Texts that are numbers in some notation, such as `1.234,50`, `(450.00)`, `12 %` or `€ 5`. Which notation a column has is known only at the end, so each
 * number is added under every notation that reads it.
 */
export class WrittenNumbers {
  readonly #sketches = new Map<string, NumberSketch>()
  /** Numbers with a point, as programs write them, are the most frequent. */
  #pointed: NumberSketch | undefined

  /** Adds a number with a decimal point and nothing else. With three digits after the point, they may be a group of digits. */
  addPointed(value: number, bytes: Buffer, start: number, end: number, times: number): void {
    this.#pointed ??= this.#sketch(".")
    this.#pointed?.add(value, times)
    if (bytes[end - 4] !== 46) return
    const grouped = signs[1] && toPlainNumber(bytes.toString("latin1", start, end), signs[1])
    if (grouped !== undefined && isNumber(grouped)) this.#sketch(",")?.add(Number(grouped), times)
  }

  /** Adds a text, if it is a number in another notation. */
  addText(bytes: Buffer, start: number, end: number, times: number): void {
    const parts = amountParts(bytes.toString("utf8", start, end))
    if (parts === undefined) return
    for (const notation of signs) {
      const plain = toPlainNumber(parts.digits, notation)
      if (plain === undefined || !isNumber(plain)) continue
      const value = Number(`${parts.isNegative ? "-" : ""}${plain}${parts.hasPercent ? "e-2" : ""}`)
      if (Number.isFinite(value)) this.#sketch(nameOf(notation.decimal, parts))?.add(value, times)
    }
  }

  merge(other: WrittenNumbers): void {
    for (const [name, sketch] of other.#sketches) this.#sketch(name)?.merge(sketch)
  }

  /** The numbers of a column that is read in this way. `common` are those that every notation reads in the same way. */
  readAs({ decimal = ".", currency, percent, accounting }: ProposedReading, common: NumberSketch): NumberSketch {
    const all = new NumberSketch()
    // Beside percentages, only a zero needs no percent sign.
    if (percent !== true) all.merge(common)
    else if (common.quantiles.zeros > 0) all.add(0, common.quantiles.zeros)
    for (const isAccounting of accounting === true ? [false, true] : [false])
      for (const each of currency === undefined ? [undefined] : [undefined, currency]) {
        const sketch = this.#sketches.get(nameOf(decimal, { isAccounting, hasPercent: percent === true, currency: each }))
        if (sketch !== undefined) all.merge(sketch)
      }
    return all
  }

  /** In order, so that equal sketches have equal JSON. */
  state(): WrittenNumbersState {
    return [...this.#sketches].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, sketch]) => [name, sketch.state()])
  }

  static from(state: WrittenNumbersState): WrittenNumbers {
    const numbers = new WrittenNumbers()
    for (const [name, sketch] of state) numbers.#sketches.set(name, NumberSketch.from(sketch))
    return numbers
  }

  #sketch(name: string): NumberSketch | undefined {
    const known = this.#sketches.get(name)
    if (known !== undefined) return known
    this.#sketches.set(name, new NumberSketch())
    if (this.#sketches.size > mostNotations)
      this.#sketches.delete([...this.#sketches.keys()].reduce((one, other) => (one > other ? one : other)))
    return this.#sketches.get(name)
  }
}

function nameOf(decimal: string, { isAccounting, hasPercent, currency = "" }: Notation): string {
  return `${decimal}${isAccounting ? "(" : ""}${hasPercent ? "%" : ""}${currency}`
}

function isNumber(plain: string): boolean {
  return /^(\d+(\.\d*)?|\.\d+)$/.test(plain)
}
