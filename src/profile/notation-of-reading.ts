import { groupApostrophes, groupBlanks, type NumberNotation } from "../cells/number-notation.ts"
import type { ProposedReading } from "./proposal.ts"

/** The notation of numbers that a reading describes. Undefined if they are written as programs write them. */
export function notationOfReading(reading: ProposedReading): NumberNotation | undefined {
  const { decimal = ".", group, pairs, currency, percent, accounting } = reading
  const isPlain = decimal === "." && group === undefined && currency === undefined && percent !== true && accounting !== true
  if (isPlain) return undefined
  const groups = group === undefined ? [] : group === " " ? groupBlanks : group === "'" ? groupApostrophes : [group]
  return { decimal, groups, pairs: pairs === true, currency, percent, accounting }
}
