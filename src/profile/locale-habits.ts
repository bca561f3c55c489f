import { numberNotationOf } from "../cells/number-notation.ts"
import { requireLocale } from "../cells/require-locale.ts"

/** How people of a locale write what the cells of a column leave open. */
export interface LocaleHabits {
  /** The decimal sign; undefined if it is neither a point nor a comma. */
  readonly sign: "." | "," | undefined
  readonly order: "day-first" | "month-first" | undefined
}

/** From the data of the platform (CLDR). Throws `CONFIG_INVALID` for a text that is not the BCP 47 tag of a known language. */
export function localeHabits(locale: string): LocaleHabits {
  requireLocale(locale)
  const { decimal } = numberNotationOf(locale)
  const parts = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeZone: "UTC" }).formatToParts(0).map(({ type }) => type)
  const [day, month, year] = [parts.indexOf("day"), parts.indexOf("month"), parts.indexOf("year")]
  // In a locale that begins with the year, nobody can tell what 3/4/2024 means.
  const order = year < Math.min(day, month) ? undefined : day < month ? "day-first" : "month-first"
  return { sign: decimal === "." || decimal === "," ? decimal : undefined, order }
}
