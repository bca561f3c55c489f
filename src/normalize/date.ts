import { DateReader } from "../cells/readers/date-reader.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { columnNormalizer, type Normalizer } from "./normalizer.ts"

/** Options of `cell.date`. */
export interface DateOptions {
  /** IANA zone, such as `"Europe/Berlin"`, of texts that name no offset. Default UTC. */
  readonly zone?: string | undefined
}

/**
 * Dates and date-times, as instants; a date alone is midnight UTC, or of the zone.
 *
 * Without formats: ISO 8601, English month names, and numbers where the column itself proves whether the day or the month stands first.
 * With formats: those and nothing else, in the letters of Unicode TR 35 (`dd.MM.yyyy HH:mm`).
 * Throws `CONFIG_INVALID` for a pattern or a zone that has no meaning.
 */
export function date(formats?: readonly string[], options: DateOptions = {}): Normalizer<Date | null> {
  try {
    if (options.zone !== undefined) new Intl.DateTimeFormat("en", { timeZone: options.zone })
    const dayOnly = formats?.every((format) => !/[Hh]/.test(format.replace(/'[^']*'/g, ""))) === true && options.zone === undefined
    const reader = new DateReader({ formats, zone: options.zone })
    return columnNormalizer<Date>("date", "date", reader, { kind: dayOnly ? "date" : "timestamp" })
  } catch (cause) {
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: cause instanceof Error ? cause.message : String(cause),
      remedy: 'write patterns such as "dd.MM.yyyy HH:mm" and zones such as "Europe/Berlin"',
      cause,
    })
  }
}
