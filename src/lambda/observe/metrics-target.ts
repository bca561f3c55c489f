/** Units of CloudWatch that rowgate uses. */
export type MetricUnit = "Count" | "Milliseconds" | "Bytes" | "None"

/** One measured value. */
export interface Metric {
  /** The name in CloudWatch, such as `RowsLoaded`. */
  readonly name: string
  /** The unit of `value`. */
  readonly unit: MetricUnit
  /** A finite number. */
  readonly value: number
}

/** Values that were measured together. */
export interface MetricSample {
  /** The values. */
  readonly metrics: readonly Metric[]
  /** What CloudWatch groups the values by: `pipeline` and `part`. */
  readonly dimensions: { readonly [name: string]: string }
  /** What a search in the logs finds the sample by, such as `requestId` and `deliveryId`. */
  readonly properties: { readonly [name: string]: string }
}

/** Where metrics go. */
export interface MetricsTarget {
  /** Takes a sample. It must not throw. */
  write(sample: MetricSample): void
}
