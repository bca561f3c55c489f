/**
 * Where a spreadsheet may begin a formula: at the start of a text, and after any character that ends a cell or a line in some locale, because a
 * program may split the file at another character than it was written with. Programs skip quotes, spaces, controls and characters that draw
 * nothing before a formula. East Asian keyboards type small and wide forms, and typography has its own minus sign.
 */
const formula =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each character is meant by itself.
  /(^[\u034f\x00-\x08\x0e-\x1b\x1f "\x7f-\x84\x86-\xa0\xad\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]*|[;,|\t-\r\x1c-\x1e\x85\u2028\u2029][\u034f\x00-\x08\x0e-\x1b\x1f "\x7f-\x84\x86-\xa0\xad\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]*)('*)(?=[=+\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff1d\uff0b\uff0d\uff20])/gu
const harmless =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each character is meant by itself.
  /(^[\u034f\x00-\x08\x0e-\x1b\x1f "\x7f-\x84\x86-\xa0\xad\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]*|[;,|\t-\r\x1c-\x1e\x85\u2028\u2029][\u034f\x00-\x08\x0e-\x1b\x1f "\x7f-\x84\x86-\xa0\xad\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]*)'('*)(?=[=+\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff1d\uff0b\uff0d\uff20])/gu
/** A number, with or without a sign, is not a formula. It ends where its cell ends. */
const number = /[+\-\u2212]?\d[\d.\u00a0\u202f' ]*(?:,\d+)*(?:e[+-]?\d+)?%?"*(?=$|[;,|\t-\r\x1c-\x1e\x85\u2028\u2029])/iy
/** Some programs drop white space at the start of a cell. */
const blankStart = /^'*[\t\r\n]/
const harmlessBlank = /^'(?='*[\t\r\n])/

/** The text with an apostrophe before each place where a spreadsheet would begin a formula. Undefined if there is none. */
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
