/** A decimal without rounding: `units` times ten to the power of minus `scale`. */
export interface ExactDecimal {
  readonly units: bigint
  readonly scale: number
}

/** No amount is longer. Arithmetic on longer texts could take long. */
const longest = 200

/** The decimal that a text writes; undefined for any other text. */
export function exactDecimal(text: string): ExactDecimal | undefined {
  if (text.length > longest || !/^[+-]?\d+(?:\.\d+)?$/.test(text)) return undefined
  const point = text.indexOf(".")
  const scale = point < 0 ? 0 : text.length - point - 1
  return { units: BigInt(text.replace(".", "").replace("+", "")), scale }
}

export function sumOfDecimals(one: ExactDecimal, other: ExactDecimal): ExactDecimal {
  const scale = Math.max(one.scale, other.scale)
  return { units: unitsAt(one, scale) + unitsAt(other, scale), scale }
}

export function productOfDecimals(one: ExactDecimal, other: ExactDecimal): ExactDecimal {
  return { units: one.units * other.units, scale: one.scale + other.scale }
}

export function negative({ units, scale }: ExactDecimal): ExactDecimal {
  return { units: -units, scale }
}

/** Below zero if the first is less, above zero if it is more. */
export function compareDecimals(one: ExactDecimal, other: ExactDecimal): number {
  const { units } = sumOfDecimals(one, negative(other))
  return units < 0n ? -1 : units > 0n ? 1 : 0
}

/** The decimal as a text, with all its digits. */
export function decimalText({ units, scale }: ExactDecimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0")
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return units < 0n ? `-${text}` : text
}

function unitsAt({ units, scale }: ExactDecimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale)
}
