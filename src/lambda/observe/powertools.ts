import { checkArgument } from "../../options/check-argument.ts"
import { having } from "../../options/option-kinds.ts"
import type { LeveledLogger } from "./json-logger.ts"
import { logFields } from "./log-fields.ts"
import { environmentLevel } from "./log-level.ts"
import type { MetricsTarget } from "./metrics-target.ts"

/** The part of the `Logger` of `@aws-lambda-powertools/logger` that rowgate uses. */
export interface PowertoolsLogger {
  /** Logs at the level `DEBUG`. */
  debug(message: string, fields: { readonly [name: string]: unknown }): void
  /** Logs at the level `INFO`. */
  info(message: string, fields: { readonly [name: string]: unknown }): void
  /** Logs at the level `WARN`. */
  warn(message: string, fields: { readonly [name: string]: unknown }): void
  /** Logs at the level `ERROR`. */
  error(message: string, fields: { readonly [name: string]: unknown }): void
  /** The name of the level, such as `INFO`. */
  getLevelName(): string
}

/** The part of the `Metrics` of `@aws-lambda-powertools/metrics` that rowgate uses. */
export interface PowertoolsMetrics {
  /** Adds a value. */
  addMetric(name: string, unit: "Count" | "Milliseconds" | "Bytes" | "None", value: number): void
  /** Adds dimensions to the values until they are published. */
  addDimensions(dimensions: { [name: string]: string }): void
  /** Adds a property to the line. */
  addMetadata(name: string, value: string): void
  /** Whether there are values to publish. */
  hasStoredMetrics(): boolean
  /** Writes the line, and forgets its values and dimensions. */
  publishStoredMetrics(): void
}

/** Uses a `Logger` of Powertools for AWS Lambda as the logger of rowgate. */
export function powertoolsLogger(logger: PowertoolsLogger): LeveledLogger {
  checkArgument(
    "powertoolsLogger()",
    logger,
    having<PowertoolsLogger>("a Logger of @aws-lambda-powertools/logger", "debug", "info", "warn", "error", "getLevelName"),
  )
  const at = (level: "debug" | "info" | "warn" | "error") => (fields: object, message?: string) =>
    logger[level](message ?? "", logFields(fields))
  return {
    get level() {
      return environmentLevel({ LOG_LEVEL: logger.getLevelName() })
    },
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  }
}

/** Writes metrics through a `Metrics` of Powertools for AWS Lambda. Values that it holds are published first, so that they do not get rowgate's dimensions. */
export function powertoolsMetrics(metrics: PowertoolsMetrics): MetricsTarget {
  checkArgument(
    "powertoolsMetrics()",
    metrics,
    having<PowertoolsMetrics>(
      "a Metrics of @aws-lambda-powertools/metrics",
      "addMetric",
      "addDimensions",
      "addMetadata",
      "hasStoredMetrics",
      "publishStoredMetrics",
    ),
  )
  return {
    write({ metrics: values, dimensions, properties }) {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
      metrics.addDimensions({ ...dimensions })
      for (const { name, unit, value } of values) metrics.addMetric(name, unit, value)
      for (const [name, value] of Object.entries(properties)) metrics.addMetadata(name, value)
      metrics.publishStoredMetrics()
    },
  }
}
