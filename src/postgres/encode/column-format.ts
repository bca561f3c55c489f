import { type IntervalField, intervalFields } from "./interval-parts.ts"

/** The binary forms of COPY that are written. Dates are days since 2000, timestamps are microseconds since 2000; enums and json have the form of text. */
export type BinaryKind = "int2" | "int4" | "int8" | "float8" | "numeric" | "bool" | "date" | "timestamp" | "text" | "jsonb" | "uuid"

/** How values are written for a type of PostgreSQL. `"other"` takes any text and leaves the judgement to the server. */
export interface ColumnFormat {
  readonly kind: "integer" | "float" | "numeric" | "boolean" | "date" | "timestamp" | "text" | "json" | "bytea" | "array" | "other"
  /** Bounds of an integer type. */
  readonly min?: number
  readonly max?: number
  /** For `numeric`: how many digits come after the point, if the type declares it. */
  readonly scale?: number
  /** For `float`: how many significant digits every value keeps. */
  readonly digits?: number
  /** For `text`: the most characters, if the type declares them and drops blanks beyond them. */
  readonly length?: number
  /** For timestamps, times of day and intervals: how many digits of a second the type keeps. */
  readonly secondDigits?: number
  /** For timestamps and times of day: whether the type has no time zone. */
  readonly zoneless?: boolean
  /** For intervals: the finest field that the type keeps. */
  readonly finest?: IntervalField
  /** For `text`: the most bytes, if the type cuts longer texts off. */
  readonly mostBytes?: number
  /** For numbers: whether nothing proves how the column's texts write numbers. */
  readonly guessed?: boolean
  /** Undefined if values of the type are only written as text. */
  readonly binary?: BinaryKind | undefined
}

/** A type of names keeps 63 bytes. */
const nameBytes = 63
/** Where `lc_monetary` is `C`, as in a load. */
const moneyScale = 2

/** The significant digits that every real keeps, and every double. */
export const realDigits = 6
const doubleDigits = 15
/** A timestamp counts microseconds. */
const mostSecondDigits = 6

const integers: { readonly [type: string]: number } = { int2: 2 ** 15, int4: 2 ** 31, int8: 2 ** 63 }

const kinds: { readonly [type: string]: ColumnFormat["kind"] } = {
  float4: "float",
  float8: "float",
  numeric: "numeric",
  bool: "boolean",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamp",
  json: "json",
  jsonb: "json",
  bytea: "bytea",
}

const binaryKinds: { readonly [type: string]: BinaryKind } = {
  int2: "int2",
  int4: "int4",
  int8: "int8",
  float8: "float8",
  numeric: "numeric",
  bool: "bool",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamp",
  text: "text",
  varchar: "text",
  bpchar: "text",
  enum: "text",
  json: "text",
  jsonb: "jsonb",
  uuid: "uuid",
}

/** The format of a base type, by its name and category in `pg_type`, or as `enum`. `declared` is the type with its limits, as DDL writes it. */
export function columnFormat(type: string, category: string, declared = type): ColumnFormat {
  const bound = integers[type]
  const binary = binaryKinds[type]
  if (bound !== undefined) return { kind: "integer", min: -bound, max: bound - 1, binary }
  const scale = /^numeric\(\d+,(-?\d+)\)$/.exec(declared)?.[1]
  if (scale !== undefined) return { kind: "numeric", scale: Number(scale), binary }
  const length = /^character varying\((\d+)\)$/.exec(declared)?.[1]
  if (length !== undefined) return { kind: "text", length: Number(length), binary }
  if (kinds[type] === "float") return { kind: "float", digits: type === "float4" ? realDigits : doubleDigits, binary }
  if (/^time(?:stamp)?(?:tz)?$/.test(type)) {
    const digits = /\((\d)\)/.exec(declared)?.[1]
    const secondDigits = digits === undefined ? mostSecondDigits : Number(digits)
    return { kind: kinds[type] ?? "other", secondDigits, zoneless: !type.endsWith("tz"), binary }
  }
  if (type === "interval") {
    const finest = intervalFields.findLast((field) => declared.includes(field)) ?? "second"
    return { kind: "other", finest, secondDigits: Number(/\((\d)\)/.exec(declared)?.[1] ?? mostSecondDigits) }
  }
  if (type === "money") return { kind: "other", scale: moneyScale }
  if (type === "name" || type === "char") return { kind: "text", mostBytes: type === "name" ? nameBytes : 1 }
  if (category === "A") return { kind: "array" }
  return { kind: kinds[type] ?? (category === "S" ? "text" : "other"), binary }
}
