import { defined } from "../../options/defined.ts"
import type { OptionKind } from "../../options/option-kind.ts"
import { limits } from "../../options/option-kinds.ts"

/** Limits of JSON input. A file that exceeds one fails with `LIMIT_EXCEEDED`; the message names the option. */
export interface JsonLimits {
  /** The most levels of nesting, including the document itself. Default: 64. */
  readonly depth?: number | undefined
  /** The most bytes of a text or number. Default: 1 MiB. */
  readonly cellBytes?: number | undefined
  /** The most bytes of a record. Default: 4 MiB. */
  readonly recordBytes?: number | undefined
  /** The most columns, including those of nested objects. Default: 16,384. */
  readonly columns?: number | undefined
  /** The most values of a record, including objects and arrays and everything in them. Default: 262,144. */
  readonly values?: number | undefined
}

/** The limits with their defaults. */
export interface JsonBounds {
  readonly depth: number
  readonly cellBytes: number
  readonly recordBytes: number
  readonly columns: number
  readonly values: number
}

const defaults: JsonBounds = { depth: 64, cellBytes: 1 << 20, recordBytes: 4 << 20, columns: 16_384, values: 1 << 18 }

/** Fills in the defaults. While its record is read, a value takes a hundred bytes of memory, no matter how short it is in the file. */
export function jsonBounds(limits: JsonLimits = {}): JsonBounds {
  return { ...defaults, ...defined(limits) }
}

export function jsonLimitsKind(): OptionKind<JsonLimits> {
  return limits<JsonLimits>(defaults)
}
