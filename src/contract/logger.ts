/** A structured logger; pino and most others fit. rowgate never logs a value of a row. */
export interface Logger {
  /** Details for developers. */
  debug(fields: object, message?: string): void
  /** Normal progress. */
  info(fields: object, message?: string): void
  /** The run continues, but somebody should look at this. */
  warn(fields: object, message?: string): void
  /** Something failed and does not continue. */
  error(fields: object, message?: string): void
}

/** A logger that logs nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
