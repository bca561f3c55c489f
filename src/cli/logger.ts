import type { Logger } from "../contract/logger.ts"
import type { CliStream } from "./cli-io.ts"
import { type LogLevel, logLevels } from "./environment.ts"

/** One line of JSON an event, from a level upwards. */
export function lineLogger(stream: CliStream, least: LogLevel): Logger {
  const at = (level: Exclude<LogLevel, "silent">) => {
    if (logLevels.indexOf(level) < logLevels.indexOf(least)) return () => {}
    return (fields: object, message?: string) => {
      stream.write(`${JSON.stringify({ level, ...(message === undefined ? {} : { message }), ...fields })}\n`)
    }
  }
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
}
