import type { SampleRecord } from "../dialect/sample-records.ts"

const whole = /^\s*[-+]?\d{1,15}$/
const fraction = /^\d{1,9}\s*$/

/**
 * Whether the records may have more fields than the header has names because commas separate decimals too, without quotes: the numbers stand in
 * pairs, without a sign in the second of each, and there are as many pairs as names are missing.
 */
export function haveDecimalCommas(body: readonly SampleRecord[], names: number, width: number): boolean {
  const rows = body.filter(({ fields }) => fields.length === width)
  const missing = width - names
  if (rows.length === 0 || missing < 1 || missing > names || rows.some(({ quoted }) => quoted.includes(true))) return false
  const every = (j: number, pattern: RegExp) => rows.every(({ fields }) => pattern.test(fields[j] ?? ""))
  let pairs = 0
  for (let j = 0; j < width; j++) {
    if (!every(j, whole)) continue
    if (j + 1 === width || !every(j + 1, fraction)) return false
    pairs++
    j++
  }
  return pairs === missing
}
