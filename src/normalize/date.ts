import { DateReader } from "../cells/readers/date-reader.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { fullList, text } from "../options/option-kinds.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.date`. */
export interface DateOptions {
  /** The IANA zone, such as `"Europe/Berlin"`, of texts without an offset. Default: UTC. */
  readonly zone?: string | undefined
}

/**
 * Reads dates and date-times as instants. A date alone is midnight in UTC, or in `zone`.
 *
 * Without formats, it reads ISO 8601, English month names, and numeric dates if the column itself proves whether the day or the month comes
 * first. With formats, it reads only those, in the letters of Unicode TR 35 (`dd.MM.yyyy HH:mm`). A cell that is not a date fails its row
 * (`date.unreadable`, `date.ambiguous`).
 *
 * Throws `CONFIG_INVALID` for an invalid pattern or an unknown zone.
 */
export function date(formats?: readonly string[], options: DateOptions = {}): Normalizer<Date | null> {
  if (formats !== undefined) checkArgument("cell.date()", formats, fullList(text(), 'a list of patterns, such as ["dd.MM.yyyy"]'))
  checkOptions("cell.date()", options, { zone: text() })
  try {
    if (options.zone !== undefined) new Intl.DateTimeFormat("en", { timeZone: options.zone })
    const dayOnly = formats?.every((format) => !/[Hh]/.test(format.replace(/'[^']*'/g, ""))) === true && options.zone === undefined
    const reader = new DateReader({ formats, zone: options.zone })
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
