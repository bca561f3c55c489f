import { type NumberNotation, numberNotationOf, standardNotation } from "../cells/number-notation.ts"
import { RowgateError } from "../errors/rowgate-error.ts"

/** The number format of a locale; the standard format without one. Throws `CONFIG_INVALID` for an invalid tag. */
export function localeFormat(locale: string | undefined): NumberNotation {
  if (locale === undefined) return standardNotation
  try {
    return numberNotationOf(locale)
  } catch (cause) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `"${locale}" is not a locale.`,
      remedy: 'Use a BCP 47 tag such as "de", "en-GB" or "fr-CH".',
      cause,
    })
  }
}
