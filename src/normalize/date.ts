import { DateReader } from "../cells/readers/date-reader.ts"
import { requireLocale } from "../cells/require-locale.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { fullList, text, whole } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.date`. */
export interface DateOptions {
  /** The IANA zone, such as `"Europe/Berlin"`, of texts without an offset. Default: UTC. */
  readonly zone?: string | undefined
  /** The language of the names of months in formats, as a BCP 47 tag such as `"de"`. Default: English. */
  readonly locale?: string | undefined
  /** The first of the hundred years that a year of two digits (`yy`) may mean. Default: 1969, so that 68 is 2068 and 69 is 1969. */
  readonly pivot?: number | undefined
}

/**
 * Reads dates and date-times as instants. A date alone is midnight in UTC, or in `zone`.
 *
 * Without formats, it reads ISO 8601, dates that begin with the year, English month names, and numeric dates if the column itself proves whether
 * the day or the month comes first. With formats, it reads only those, in the letters of Unicode TR 35 (`dd.MM.yyyy HH:mm`). A cell that is not a date fails its row
 * (`date.unreadable`, `date.ambiguous`).
 *
 * Throws `CONFIG_INVALID` for an invalid pattern, an unknown zone or an invalid locale.
 *
 * @example
 * ```ts run
 * import { cell, createPipeline } from "rowgate"
 *
 * const rows = createPipeline({ name: "rows" }).fromRows([{ value: "30.06.2025" }]).normalize({ columns: { value: cell.date(["dd.MM.yyyy"]) } })
 * for await (const { value } of rows.rows()) console.log(value)
 * // => 2025-06-30T00:00:00.000Z
 * ```
 */
export function date(formats?: readonly string[], options: DateOptions = {}): Normalizer<Date | null> {
  if (formats !== undefined) checkArgument("cell.date()", formats, fullList(text(), 'a list of patterns, such as ["dd.MM.yyyy"]'))
  checkOptions("cell.date()", options, { zone: text(), locale: text(), pivot: whole(1) })
  if (options.locale !== undefined) requireLocale(options.locale)
  try {
    if (options.zone !== undefined) new Intl.DateTimeFormat("en", { timeZone: options.zone })
    const dayOnly = formats?.every((format) => !/[Hh]/.test(format.replace(/'[^']*'/g, ""))) === true && options.zone === undefined
    const reader = new DateReader({ formats, ...options })
    return columnNormalizer<Date>("date", "date", reader, { kind: dayOnly ? "date" : "timestamp" })
  } catch (cause) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Write patterns such as "dd.MM.yyyy HH:mm" and zones such as "Europe/Berlin".',
      cause,
    })
  }
}
