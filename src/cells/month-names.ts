/**
 * The languages in whose names of months a column may be written, as BCP 47 tags. `Intl` cannot list what it knows; these are the languages of
 * Europe and the Americas, and the larger ones elsewhere whose names are words.
 */
export const monthLanguages: readonly string[] = [
  ...["en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "nn", "fi", "is", "fo", "et", "lv", "lt"],
  ...["pl", "cs", "sk", "sl", "hr", "sr", "sr-Latn", "bs", "mk", "bg", "ru", "uk", "be", "hu", "ro", "el", "tr", "az", "sq"],
  ...["ca", "eu", "gl", "ga", "cy", "lb", "rm", "mt", "af", "sw", "id", "ms", "hy", "ka", "he", "ar", "ur", "hi"],
]

const known = new Map<string, ReadonlyMap<string, number>>()
let languages: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined

/**
 * The number of each month by its names in a language, in lower case and without full stops: long and short, alone and within a date, as `Intl`
 * writes them. Throws a `RangeError` for an invalid tag.
 */
export function monthNames(language: string): ReadonlyMap<string, number> {
  const found = known.get(language)
  if (found !== undefined) return found
  const names = new Map<string, number>()
  for (const style of ["long", "short"] as const)
    for (const day of [undefined, "numeric"] as const) {
      const format = new Intl.DateTimeFormat(language, { month: style, day, timeZone: "UTC", calendar: "gregory", numberingSystem: "latn" })
      for (let month = 1; month <= 12; month++) {
        const part = format.formatToParts(Date.UTC(2001, month - 1, 15)).find(({ type }) => type === "month")
        for (const name of namesIn(part?.value ?? "")) if (!names.has(name)) names.set(name, month)
      }
    }
  if (/^en\b/.test(language)) addEnglish(names)
  // Office writes the German March in this way; CLDR no longer does.
  if (/^de\b/.test(language)) names.set("mrz", 3)
  known.set(language, names)
  return names
}

/** The month that a name means in each language that has it. */
export function languagesOfMonth(name: string): ReadonlyMap<string, number> {
  languages ??= byName()
  return languages.get(monthKey(name)) ?? new Map()
}

/** The name as it is looked up. */
export function monthKey(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replace(/[.\u05f3]/g, "")
}

function byName(): Map<string, Map<string, number>> {
  const names = new Map<string, Map<string, number>>()
  for (const language of monthLanguages)
    for (const [name, month] of monthNames(language)) names.set(name, (names.get(name) ?? new Map<string, number>()).set(language, month))
  return names
}

/** Catalan puts a preposition before the name, and some languages have only numbers. A name is a word of at least two letters. */
function namesIn(text: string): readonly string[] {
  const name = monthKey(text).replace(/^(?:de |d[’'])/, "")
  return /^\p{L}[\p{L}\p{M}]+$/u.test(name) ? [name] : []
}

/** CLDR shortens September to `Sept` or `Sep`, depending on the region, and the British write `June`. */
function addEnglish(names: Map<string, number>): void {
  for (const [name, month] of [...names]) if (name.length > 3) names.set(name.slice(0, 3), month)
  names.set("sept", 9)
}
