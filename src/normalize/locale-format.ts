import { RowgateError } from "../errors/rowgate-error.ts"
import { type NumberFormat, numberFormatOf, plainNumbers } from "../kernel/number-format.ts"

/** The number format of a declared locale; the plain one without. Throws `CONFIG_INVALID` for a tag that is none. */
export function localeFormat(locale: string | undefined): NumberFormat {
  if (locale === undefined) return plainNumbers
  try {
    return numberFormatOf(locale)
  } catch (cause) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `"${locale}" is not a locale`,
      remedy: 'use a BCP 47 tag such as "de", "en-GB" or "fr-CH"',
      cause,
    })
  }
}
