/** Structured logging, as pino and most loggers have it. No row value is ever given to it. */
export interface Logger {
  /** What only a developer wants to know. */
  debug(fields: object, message?: string): void
  /** What goes as it should. */
  info(fields: object, message?: string): void
  /** What goes on, and should be looked at. */
  warn(fields: object, message?: string): void
  /** What does not go on. */
  error(fields: object, message?: string): void
}

/** Says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
