import type { NumberCode, NumberScale, WholeCode } from "./number-code.ts"

/** What integers are multiples of, largest first: a day and a second in milliseconds. */
const units = [86_400_000, 1000, 1]
/** Decimals of up to four digits are whole numbers of these parts. */
const parts = [1, 10, 100, 1000, 10_000]
/** Numbers that are tried before all of them. */
const probed = 32
const mostWhole = 0xffff_ffff

/** Gathers the arrays of a batch, each in the fewest bytes that hold it. Compression is faster and better on few bytes. */
export class ArrayWriter {
  readonly #rows: number
  readonly #sections: Uint8Array[] = []
  #length = 0
  /** For the numbers of one array at a time. */
  readonly #whole: Uint32Array
  #multiples: Float64Array | undefined

  constructor(rows: number) {
    this.#rows = rows
    this.#whole = new Uint32Array(rows)
  }

  /** How many bytes the arrays take so far. */
  get length(): number {
    return this.#length
  }

  /** Appends bytes, without a copy, and returns their place. Every place is a multiple of 8. */
  append(bytes: Uint8Array): number {
    const at = this.#length
    this.#sections.push(bytes)
    this.#length = at + ((bytes.length + 7) & ~7)
    return at
  }

  /** Copies all that was appended. */
  copyTo(target: Uint8Array, from: number): void {
    let at = from
    for (const section of this.#sections) {
      target.set(section, at)
      const padded = (section.length + 7) & ~7
      target.fill(0, at + section.length, at + padded)
      at += padded
    }
  }

  /** Writes the array that `fill` puts its numbers into. */
  whole(fill: (target: Uint32Array) => void): WholeCode {
    const values = this.#whole
    fill(values)
    const first = values[0] ?? 0
    let ones = 0
    let differences = 0
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number
      ones |= value
      differences |= value ^ first
    }
    if (differences === 0) return ["same", first]
    if (ones >>> 8 === 0) return ["u8", this.append(new Uint8Array(values))]
    if (ones >>> 16 === 0) return ["u16", this.append(bytesOf(new Uint16Array(values)))]
    return ["u32", this.append(bytesOf(values.slice()))]
  }

  numbers(values: Float64Array): NumberCode {
    const scale = this.#rows === 0 ? undefined : scaleOf(values, this.#rows)
    return (scale === undefined ? undefined : this.#scaled(values, scale)) ?? ["doubles", this.append(bytesOf(values.slice(0, this.#rows)))]
  }

  /** Numbers as multiples of a unit; undefined if one of them is none, or if they lie too far apart. */
  #scaled(values: Float64Array, { unit, per }: Scale): NumberCode | undefined {
    this.#multiples ??= new Float64Array(this.#rows)
    const multiples = this.#multiples
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    let leastStep = Number.POSITIVE_INFINITY
    let mostStep = Number.NEGATIVE_INFINITY
    let before = Number.NaN
    let nan = false
    for (let row = 0; row < this.#rows; row++) {
      const value = values[row] as number
      const multiple = Math.round((value * per) / unit)
      multiples[row] = multiple
      if (Number.isNaN(value)) {
        nan = true
        continue
      }
      if ((multiple * unit) / per !== value || Math.abs(multiple) > Number.MAX_SAFE_INTEGER || Object.is(value, -0)) return undefined
      if (multiple < least) least = multiple
      if (multiple > most) most = multiple
      const step = multiple - before
      if (step < leastStep) leastStep = step
      if (step > mostStep) mostStep = step
      before = multiple
    }
    const span = most - least
    const stepSpan = mostStep - leastStep
    const first = (multiples[0] as number) - leastStep
    // Beyond the safe integers, sums of steps are not exact.
    if (!nan && stepSpan >= 0 && stepSpan < span && stepSpan <= mostWhole && [leastStep, mostStep, first].every(Number.isSafeInteger))
      return this.#steps({ base: leastStep, unit, per, first })
    return span + (nan ? 1 : 0) <= mostWhole ? this.#ints({ base: least, unit, per, nan }) : undefined
  }

  #ints(scale: NumberScale & { readonly nan: boolean }): NumberCode {
    const multiples = this.#multiples as Float64Array
    const { base, nan } = scale
    const least = nan ? 1 : 0
    const code = this.whole((target) => {
      for (let row = 0; row < target.length; row++) {
        const multiple = multiples[row] as number
        target[row] = Number.isNaN(multiple) ? 0 : multiple - base + least
      }
    })
    return ["ints", code, scale]
  }

  #steps(scale: NumberScale & { readonly first: number }): NumberCode {
    const multiples = this.#multiples as Float64Array
    const { base, first } = scale
    const code = this.whole((target) => {
      let before = first
      for (let row = 0; row < target.length; row++) {
        const multiple = multiples[row] as number
        target[row] = multiple - before - base
        before = multiple
      }
    })
    return ["steps", code, scale]
  }
}

type Scale = Pick<NumberScale, "unit" | "per">

/** The largest unit of which some of the numbers are multiples. */
function scaleOf(values: Float64Array, rows: number): Scale | undefined {
  const sample: number[] = []
  const stride = Math.max(1, Math.floor(rows / probed))
  for (let row = 0; row < rows; row += stride) {
    const value = values[row] as number
    if (!Number.isNaN(value)) sample.push(value)
  }
  const fits = (unit: number, per: number) => sample.every((value) => (Math.round((value * per) / unit) * unit) / per === value)
  const per = parts.find((each) => fits(1, each))
  if (per === undefined) return undefined
  return { per, unit: per === 1 ? (units.find((each) => fits(each, 1)) ?? 1) : 1 }
}

function bytesOf(array: Float64Array | Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
