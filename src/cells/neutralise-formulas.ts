/**
 * Where a spreadsheet may begin a formula: at the start of a text, and after whatever separates fields or lines in some locale, for the program
 * that opens a file may split it at another character than the one that it was written with. East Asian keyboards type the wide forms.
 */
const formula = /(^[ "]*|[;,|\t\r\n][ "]*)('*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g
const harmless = /(^[ "]*|[;,|\t\r\n][ "]*)'('*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g
/** A number, signed or not, is no formula. It ends where its cell does. */
const number = /[+-]?\d[\d.\u00a0\u202f' ]*(?:,\d+)*(?:e[+-]?\d+)?%?"*(?=$|[;,|\t\r\n])/iy
/** Some programs drop white space that stands before a formula. */
const blankStart = /^'*[\t\r\n]/
const harmlessBlank = /^'(?='*[\t\r\n])/

/** Text that no spreadsheet takes for a formula, by an apostrophe before each place where one begins; undefined where it is harmless as it stands. */
export function neutraliseFormulas(text: string): string | undefined {
  const safe = text.replace(formula, (found: string, before: string, marks: string, at: number) =>
    marks === "" && isNumber(text, at + found.length) ? found : `${before}'${marks}`,
  )
  const whole = blankStart.test(safe) ? `'${safe}` : safe
  return whole === text ? undefined : whole
}

/** Undoes `neutralised`. */
export function restoreFormulas(value: unknown): unknown {
  return typeof value === "string" ? value.replace(harmlessBlank, "").replace(harmless, "$1$2") : value
}

function isNumber(text: string, at: number): boolean {
  number.lastIndex = at
  return number.test(text)
}
