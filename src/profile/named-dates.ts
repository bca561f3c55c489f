import { dateText, instantOf } from "../cells/date-text.ts"
import { languagesOfMonth } from "../cells/month-names.ts"
import { Instants, type InstantsState } from "./instants.ts"

/** A `NamedDates` as plain JSON: instants by the language that they need. */
export type NamedDatesState = readonly (readonly [language: string, instants: InstantsState])[]

/** Dates whose names of months mean the same month in all languages that have them. */
const anyLanguage = ""

/** Texts that are dates with the name of a month, such as `1. März 2024`. The language of a column is known only at the end. */
export class NamedDates {
  readonly #instants = new Map<string, Instants>()

  /** Adds a text, if it is such a date with a year of four digits. */
  addText(bytes: Buffer, start: number, end: number, times: number): void {
    const date = dateText(bytes.toString("utf8", start, end))
    if (date?.form !== "named" || date.isShort || date.month === undefined) return
    const languages = languagesOfMonth(date.month)
    const months = new Set(languages.values())
    if (months.size > 1) for (const [language, month] of languages) this.#of(language).add(instantOf(date, month), times)
    else for (const month of months) this.#of(anyLanguage).add(instantOf(date, month), times)
  }

  merge(other: NamedDates): void {
    for (const [language, instants] of other.#instants) this.#of(language).merge(instants)
  }

  /** The dates of a column whose names are in this language. */
  readAs(language: string): Instants {
    const all = new Instants()
    for (const each of [anyLanguage, language]) {
      const instants = this.#instants.get(each)
      if (instants !== undefined) all.merge(instants)
    }
    return all
  }

  /** In order, so that equal dates have equal JSON. */
  state(): NamedDatesState {
    return [...this.#instants].sort(([one], [other]) => (one < other ? -1 : 1)).map(([language, instants]) => [language, instants.state()])
  }

  static from(state: NamedDatesState): NamedDates {
    const dates = new NamedDates()
    for (const [language, instants] of state) dates.#instants.set(language, Instants.from(instants))
    return dates
  }

  #of(language: string): Instants {
    const known = this.#instants.get(language) ?? new Instants()
    this.#instants.set(language, known)
    return known
  }
}
