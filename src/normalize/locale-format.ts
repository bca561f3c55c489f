import { type NumberNotation, numberNotationOf, standardNotation } from "../cells/number-notation.ts"
import { RowgateError } from "../errors/rowgate-error.ts"

/** The number format of a declared locale; the plain one without. Throws `CONFIG_INVALID` for a tag that is none. */
export function localeFormat(locale: string | undefined): NumberNotation {
  if (locale === undefined) return standardNotation
  try {
    return numberNotationOf(locale)
  } catch (cause) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `"${locale}" is not a locale`,
      remedy: 'use a BCP 47 tag such as "de", "en-GB" or "fr-CH"',
      cause,
    })
  }
}
