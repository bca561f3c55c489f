import { type NumberNotation, numberNotationOf, standardNotation } from "../cells/number-notation.ts"
import { requireLocale } from "../cells/require-locale.ts"
import type { OptionSpec } from "../options/option-kind.ts"
import { flag, text } from "../options/option-kinds.ts"

/** How a file writes its numbers. */
export interface NotationOptions {
  /** The BCP 47 tag of the language in which the numbers are written. Default: a decimal point and no group separators. */
  readonly locale?: string | undefined
  /** The sign or code of a currency that may stand before or after a number, such as `"€"` or `"USD"`. Default: none. */
  readonly currency?: string | undefined
  /** Whether a number may be a percentage: `12.5 %` is read as 0.125, and a number without the sign as it is. Default: false. */
  readonly percent?: boolean | undefined
  /** Whether `(450.00)` and `450.00-` are negative numbers, as accountants write them. Default: false. */
  readonly accounting?: boolean | undefined
}

/** The kinds of the options. */
export const notationSpec: OptionSpec<NotationOptions> = { locale: text(), currency: text(), percent: flag(), accounting: flag() }

/** How numbers are written; the standard notation without options. Throws `CONFIG_INVALID` for an invalid locale. */
export function notationOf({ locale, currency, percent, accounting }: NotationOptions): NumberNotation {
  const notation = locale === undefined ? standardNotation : localeNotation(locale)
  if (currency === undefined && percent !== true && accounting !== true) return notation
  return { ...notation, currency: currency?.trim(), percent, accounting }
}

function localeNotation(locale: string): NumberNotation {
  requireLocale(locale)
  return numberNotationOf(locale)
}
