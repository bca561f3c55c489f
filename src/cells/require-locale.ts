import { RowgateError } from "../errors/rowgate-error.ts"
import { shownText } from "../errors/shown-text.ts"
import { nearestName } from "../options/nearest-name.ts"
import { monthLanguages } from "./month-names.ts"

/**
 * Throws `CONFIG_INVALID` unless the text is a BCP 47 tag of a language that the platform knows. For another language, `Intl` takes the one of the
 * machine, so the same file would be read differently elsewhere.
 */
export function requireLocale(locale: string): void {
  if (isKnown(locale)) return
  const nearest = nearestLocale(locale)
  throw new RowgateError({
    code: "CONFIG_INVALID",
    message: `"${shownText(locale)}" is not a locale${nearest === undefined ? "." : `; did you mean "${nearest}"?`}`,
    remedy: 'Use a BCP 47 tag such as "de", "en-GB" or "fr-CH".',
  })
}

/** The tag with hyphens, as for `de_DE`, or the one of a language or a country with nearly this name. */
function nearestLocale(text: string): string | undefined {
  const hyphened = (text.split(".")[0] ?? "").trim().replaceAll("_", "-")
  if (isKnown(hyphened)) return Intl.getCanonicalLocales(hyphened)[0]
  const names = new Map<string, string>()
  for (const tag of monthLanguages) {
    const { language, region } = new Intl.Locale(tag).maximize()
    const add = (name: string | undefined) => name !== undefined && !names.has(name) && names.set(name, tag)
    add(new Intl.DisplayNames("en", { type: "language" }).of(language))
    add(new Intl.DisplayNames(tag, { type: "language" }).of(language))
    if (region !== undefined) add(new Intl.DisplayNames("en", { type: "region" }).of(region))
  }
  const name = text.length < 4 ? undefined : nearestName(text.slice(0, 40), [...names.keys()])
  return name === undefined ? undefined : names.get(name)
}

function isKnown(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0
  } catch {
    // Not a language tag.
    return false
  }
}
