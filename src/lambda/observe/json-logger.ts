import { env, stdout } from "node:process"
import type { Logger } from "../../contract/logger.ts"
import { checkOptions } from "../../options/check-options.ts"
import { callback, oneOf } from "../../options/option-kinds.ts"
import { logFields } from "./log-fields.ts"
import { environmentLevel, isLogged, type LogLevel } from "./log-level.ts"

/** Options of `jsonLogger`. */
export interface JsonLoggerOptions {
  /** The least level that is logged. Default: `LOG_LEVEL`, then `AWS_LAMBDA_LOG_LEVEL`, then `"info"`; read when a line is logged. */
  readonly level?: LogLevel | undefined
  /** Takes each line, without a line break. Default: writes it to stdout, where Lambda collects it. */
  readonly write?: ((line: string) => void) | undefined
}

/** A logger that tells its level. */
export interface LeveledLogger extends Logger {
  /** The least level that is logged. */
  readonly level: LogLevel
}

/** A logger that writes each message as a line of JSON: `timestamp`, `level`, `message`, and the fields. Errors are logged without messages that may quote a row. */
export function jsonLogger(options: JsonLoggerOptions = {}): LeveledLogger {
  checkOptions("jsonLogger()", options, {
    level: oneOf("debug", "info", "warn", "error", "silent"),
    write: callback("a function of a line"),
  })
  const { write = writeLine } = options
  const level = () => options.level ?? environmentLevel(env)
  const at = (own: Exclude<LogLevel, "silent">) => (fields: object, message?: string) => {
    if (isLogged(own, level())) write(jsonLine({ timestamp: new Date().toISOString(), level: own, message }, logFields(fields)))
  }
  return {
    get level() {
      return level()
    },
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  }
}

/** Writes a line to stdout. */
export function writeLine(line: string): void {
  stdout.write(`${line}\n`)
}

/** The fields of the line itself come first, and no other field replaces them. */
function jsonLine(own: object, fields: object): string {
  try {
    return JSON.stringify({ ...own, ...fields, ...own }, plainValue)
  } catch {
    // A field refers to itself. The line matters more.
    return JSON.stringify({ ...own, unloggable: Object.keys(fields) })
  }
}

function plainValue(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value
}
