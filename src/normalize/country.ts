import countries from "i18n-iso-countries"
import { foldedText } from "../cells/folded-text.ts"
import { quoted } from "../cells/readers/quoted.ts"
import { type TextFault, TextMapReader } from "../cells/readers/text-map-reader.ts"
import { checkOptions } from "../options/check-options.ts"
import { fullList, kind } from "../options/option-kinds.ts"
import { nearestValue } from "./nearest-value.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `country`. */
export interface CountryOptions {
  /** The languages of the names, such as `["en", "de"]`. Default: English. Codes are read in any case. */
  readonly languages?: readonly string[] | undefined
}

/**
 * Reads countries and returns their ISO 3166-1 alpha-2 codes: `"Germany"`, `"deu"`, `"276"` and `"DE"` become `"DE"`. Case, accents and white space do
 * not matter. Any other text, and a name of two countries, fails its row (`country.unreadable`), with the nearest name as the suggestion.
 */
export function country(options: CountryOptions = {}): Normalizer<string | null> {
  checkOptions("country()", options, { languages: fullList(languageKind, "a list of languages") })
  const { languages = ["en"] } = options
  const names = namesOf(languages)
  const keys = [...names].flatMap(([key, codes]) => codes.map((code) => [key, code] as const))
  const reader = new TextMapReader((text) => {
    const key = keyOf(text)
    const [code, ...others] = known(key, names)
    if (code === undefined) return unknown(text, suggestionFor(key, keys, languages))
    return others.length === 0 ? code : unknown(text, `Write one of the codes: ${[code, ...others].join(", ")}.`)
  })
  return columnNormalizer<string>("country", "text", reader, { kind: "text" })
}

const languageKind = kind<string>(
  'a language that i18n-iso-countries has, such as "en"',
  (value) => typeof value === "string" && countries.getSupportedLanguages().includes(value),
)

/** The codes that a key stands for. A code is never the name of another country. */
function known(key: string, names: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const written = /^\d/.test(key) ? key.padStart(3, "0") : key.toUpperCase()
  const code = countries.isValid(written) ? countries.toAlpha2(written) : undefined
  return code === undefined ? (names.get(key) ?? []) : [code]
}

/** The codes behind each name. */
function namesOf(languages: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>()
  for (const language of languages)
    for (const [code, all] of Object.entries(countries.getNames(language, { select: "all" })))
      for (const name of all) {
        const key = keyOf(name)
        const codes = names.get(key) ?? []
        if (!codes.includes(code)) names.set(key, [...codes, code])
      }
  return names
}

function suggestionFor(key: string, keys: readonly (readonly [key: string, code: string])[], declared: readonly string[]) {
  const near = nearestValue(key, keys)
  if (near !== undefined) return `Did you mean ${quoted(countries.getName(near, declared[0] ?? "en") ?? near)} (${near})?`
  const language = commonLanguages.find((each) => namesOfLanguage(each).get(key)?.length === 1)
  return language === undefined ? undefined : `Declare the language, as in country({ languages: ["${language}"] }).`
}

/** The languages in which an unknown name is looked for, those of most files first. */
const commonLanguages = ["en", "es", "fr", "de", "pt", "it", "nl", "pl", "sv", "da", "cs", "tr", "ru", "zh", "ja"]
const ofLanguage = new Map<string, ReadonlyMap<string, readonly string[]>>()

function namesOfLanguage(language: string): ReadonlyMap<string, readonly string[]> {
  const names = ofLanguage.get(language) ?? namesOf([language])
  ofLanguage.set(language, names)
  return names
}

function unknown(text: string, suggestion: string | undefined): TextFault {
  return { code: "country.unreadable", message: `${quoted(text)} is not the name or code of a country.`, suggestion }
}

function keyOf(text: string): string {
  return foldedText(text, { accents: false })
}
