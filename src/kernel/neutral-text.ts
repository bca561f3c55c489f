/** What a spreadsheet takes for a formula, or what an earlier call has made harmless. A plain number, signed or not, is none. */
const formula = /^'*[=+\-@\t\r]/
const plainNumber = /^[+-]?(\d[\d.,\u00a0\u202f' ]*)(e[+-]?\d+)?%?$/i

/** Text that no spreadsheet takes for a formula, by an apostrophe before it; undefined where it is harmless as it stands. */
export function neutralised(text: string): string | undefined {
  return formula.test(text) && !plainNumber.test(text) ? `'${text}` : undefined
}

/** Undoes `neutralised`. */
export function deneutralised(value: unknown): unknown {
  return typeof value === "string" && value.startsWith("'") && formula.test(value) ? value.slice(1) : value
}
