/** Limits of JSON input. A file that passes one is refused with `LIMIT_EXCEEDED`, which names the option. */
export interface JsonLimits {
  /** Deepest nesting, the document itself counted. Default 64. */
  readonly depth?: number | undefined
  /** Most bytes of one text or number. Default 1 MiB. */
  readonly cellBytes?: number | undefined
  /** Most bytes of one record. Default 4 MiB. */
  readonly recordBytes?: number | undefined
  /** Most columns, nested ones included. Default 16,384. */
  readonly columns?: number | undefined
  /** Most values of one record, objects and arrays counted as well as what is in them. Default 262,144. */
  readonly values?: number | undefined
}

/** The limits in force. */
export interface JsonBounds {
  readonly depth: number
  readonly cellBytes: number
  readonly recordBytes: number
  readonly columns: number
  readonly values: number
}

/** Limits with their defaults. A value takes a hundred bytes while its record is read, however few it is written in. */
export function jsonBounds(limits: JsonLimits = {}): JsonBounds {
  const { depth = 64, cellBytes = 1 << 20, recordBytes = 4 << 20, columns = 16_384, values = 1 << 18 } = limits
  return { depth, cellBytes, recordBytes, columns, values }
}
