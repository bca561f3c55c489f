/**
 * Where a spreadsheet may see a formula: at the start of a text, and after any character that separates fields or lines in some locale, because
 * the program that opens a file may split it at a different character than the one it was written with. East Asian keyboards type the wide
 * forms.
 */
const formula = /(^[ "]*|[;,|\t\r\n][ "]*)('*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g
const harmless = /(^[ "]*|[;,|\t\r\n][ "]*)'('*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g
/** A number with or without a sign is not a formula. It must end where the cell ends. */
const number = /[+-]?\d[\d.\u00a0\u202f' ]*(?:,\d+)*(?:e[+-]?\d+)?%?"*(?=$|[;,|\t\r\n])/iy
/** Some programs remove white space before a formula. */
const blankStart = /^'*[\t\r\n]/
const harmlessBlank = /^'(?='*[\t\r\n])/

/** Puts an apostrophe before each place where a spreadsheet would see a formula. Returns undefined if the text is harmless. */
export function neutraliseFormulas(text: string): string | undefined {
  const safe = text.replace(formula, (found: string, before: string, marks: string, at: number) =>
    marks === "" && isNumber(text, at + found.length) ? found : `${before}'${marks}`,
  )
  const whole = blankStart.test(safe) ? `'${safe}` : safe
  return whole === text ? undefined : whole
}

/** Undoes `neutraliseFormulas`. */
export function restoreFormulas(value: unknown): unknown {
  return typeof value === "string" ? value.replace(harmlessBlank, "").replace(harmless, "$1$2") : value
}

function isNumber(text: string, at: number): boolean {
  number.lastIndex = at
  return number.test(text)
}
