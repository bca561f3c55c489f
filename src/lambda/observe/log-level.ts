/** How much is logged. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent"

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"]

/** Lambda's own names for levels that are not ours. */
const aliases: { readonly [name: string]: LogLevel } = { trace: "debug", warning: "warn", fatal: "error", critical: "error" }

/** The level of `LOG_LEVEL`, or else the level that Lambda's logging controls set. An unknown level counts as `info`, because a log must not stop a load. */
export function environmentLevel(variables: { readonly [name: string]: string | undefined }): LogLevel {
  const name = (variables["LOG_LEVEL"] || variables["AWS_LAMBDA_LOG_LEVEL"] || "info").trim().toLowerCase()
  return aliases[name] ?? levels.find((each) => each === name) ?? "info"
}

/** Whether a logger at `least` logs a line at `level`. */
export function isLogged(level: LogLevel, least: LogLevel): boolean {
  return levels.indexOf(level) >= levels.indexOf(least)
}
