import { checkOptions } from "../../options/check-options.ts"
import { callback, text } from "../../options/option-kinds.ts"
import { writeLine } from "./json-logger.ts"
import type { MetricsTarget } from "./metrics-target.ts"

/** Options of `emfMetrics`. */
export interface EmfMetricsOptions {
  /** The namespace in CloudWatch. Default: `"rowgate"`. */
  readonly namespace?: string | undefined
  /** Takes each line, without a line break. Default: writes it to stdout, where CloudWatch finds it. */
  readonly write?: ((line: string) => void) | undefined
}

/** CloudWatch refuses longer values of a dimension. */
const mostCharacters = 1_024

/** Writes metrics as lines of the embedded metric format of CloudWatch, which makes metrics of lines in a log. */
export function emfMetrics(options: EmfMetricsOptions = {}): MetricsTarget {
  checkOptions("emfMetrics()", options, { namespace: text("the name of a namespace"), write: callback("a function of a line") })
  const { namespace = "rowgate", write = writeLine } = options
  return {
    write({ metrics, dimensions, properties }) {
      const values = Object.entries(dimensions).map(([name, value]) => [name, dimensionValue(value)])
      const definition = {
        Namespace: namespace,
        Dimensions: [Object.keys(dimensions)],
        Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
      }
      write(
        JSON.stringify({
          _aws: { Timestamp: Date.now(), CloudWatchMetrics: [definition] },
          ...properties,
          ...Object.fromEntries(values),
          ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
        }),
      )
    },
  }
}

/** A value may only have printable ASCII, must not be empty, and must not begin with a colon. */
function dimensionValue(value: string): string {
  const printable = value.slice(0, mostCharacters).replace(/[^ -~]/g, "_")
  return printable === "" || printable.startsWith(":") ? `_${printable.slice(1)}` : printable
}
