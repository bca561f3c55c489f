import type { Logger } from "../contract/logger.ts"
import { type LogLevel, logLevels } from "./environment.ts"
import type { Printer } from "./printer.ts"

/** Logs each event at or above a level as one line of JSON. */
export function lineLogger(printer: Printer, least: LogLevel): Logger {
  const at = (level: Exclude<LogLevel, "silent">) => {
    if (logLevels.indexOf(level) < logLevels.indexOf(least)) return () => {}
    return (fields: object, message?: string) => {
      void printer.json({ level, ...(message === undefined ? {} : { message }), ...fields })
    }
  }
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
}
