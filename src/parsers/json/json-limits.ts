/** Limits of JSON input. A file that passes one is refused with `LIMIT_EXCEEDED`, which names the option. */
export interface JsonLimits {
  /** Deepest nesting, the document itself counted. Default 64. */
  readonly maxDepth?: number | undefined
  /** Most bytes of one text or number. Default 1 MiB. */
  readonly maxCellBytes?: number | undefined
  /** Most bytes of one record. Default 8 MiB. */
  readonly maxRecordBytes?: number | undefined
  /** Most columns, nested ones included. Default 16,384. */
  readonly maxColumns?: number | undefined
}

/** Limits with their defaults. */
export function jsonLimits({ maxDepth = 64, maxCellBytes = 1 << 20, maxRecordBytes = 8 << 20, maxColumns = 16_384 }: JsonLimits) {
  return { maxDepth, maxCellBytes, maxRecordBytes, maxColumns }
}
