import type { SchemaElement } from "hyparquet"
import { withMicroseconds } from "../../cells/with-microseconds.ts"
import { clockText } from "../../model/clock-text.ts"
import { ParquetFault } from "./parquet-fault.ts"

/** How the stored values of a column are read: the kind of column, and the function that reads a value. */
export interface LeafType {
  /**
   * `"integer"` is a 64-bit integer: a number, or text if a double cannot hold it. `"text"` is stored as UTF-8 and copied. `"formatted"` is any other type
   * that is formatted as text.
   */
  readonly kind: "boolean" | "number" | "integer" | "date" | "text" | "formatted"
  /** Reads a stored value. Dates are milliseconds since 1970 UTC, or infinite if no Date can hold them. */
  readonly read: (stored: unknown) => number | string | boolean
  /** The same for a 64-bit integer that was converted to a double. It takes a tenth of the time. Only for types whose values become numbers. */
  readonly ofNumber?: ((stored: number) => number) | undefined
  /** The microseconds since 1970 of a stored instant. Only for types that are finer than a millisecond. */
  readonly microsOf?: ((stored: unknown) => bigint) | undefined
  /** Set if instants are stored in nanoseconds. They are cut to the microsecond. */
  readonly hasNanos?: boolean | undefined
  /** The digits that the file declares for decimals: all of them, and those after the point. */
  readonly decimal?: { readonly precision: number; readonly scale: number } | undefined
  /** An upper bound for the bytes of a value's text: `textBase` plus `textPerByte` for each stored byte. */
  readonly textBase: number
  readonly textPerByte: number
}

type Reading = Pick<LeafType, "kind" | "read" | "ofNumber" | "microsOf" | "hasNanos" | "decimal">

/** The type of a leaf of the schema, from its logical type, else its converted type, else its physical type. */
export function leafType(element: SchemaElement): LeafType {
  // Field by field: V8 would make a shape for each column from a spread.
  const { kind, read, ofNumber, microsOf, hasNanos, decimal } = readingOf(element)
  const isFormatted = kind === "formatted"
  // A byte takes two hexadecimal digits, or up to two and a half decimal ones. A decimal may have as many more as its scale.
  const textBase = isFormatted ? 40 + Math.abs(scaleOf(element)) : 0
  return { kind, read, ofNumber, microsOf, hasNanos, decimal, textBase, textPerByte: isFormatted ? 3 : kind === "text" ? 1 : 0 }
}

function readingOf(element: SchemaElement): Reading {
  const { type, converted_type: converted, logical_type: logical } = element
  if (logical?.type === "DECIMAL" || converted === "DECIMAL") return decimalType(element)
  switch (type) {
    case "BOOLEAN":
      return { kind: "boolean", read: Boolean }
    case "INT32":
      return int32Type(element)
    case "INT64":
      return int64Type(element)
    case "INT96":
      return { kind: "date", read: (stored) => msOf(int96Micros(stored)), microsOf: int96Micros, hasNanos: true }
    case "FLOAT":
    case "DOUBLE":
      return { kind: "number", read: Number }
    default:
      return bytesType(element)
  }
}

function int32Type({ converted_type: converted, logical_type: logical }: SchemaElement): Reading {
  if (logical?.type === "DATE" || converted === "DATE") return { kind: "date", read: (stored) => Number(stored) * 86_400_000 }
  if (logical?.type === "TIME" || converted === "TIME_MILLIS") return { kind: "formatted", read: (stored) => clockText(Number(stored)) }
  const isUnsigned = logical?.type === "INTEGER" ? !logical.isSigned : converted?.startsWith("UINT") === true
  return { kind: "number", read: isUnsigned ? (stored) => Number(stored) >>> 0 : Number }
}

function int64Type({ converted_type: converted, logical_type: logical }: SchemaElement): Reading {
  if (logical?.type === "TIMESTAMP") return timestampType(logical.unit)
  if (converted === "TIMESTAMP_MILLIS") return timestampType("MILLIS")
  if (converted === "TIMESTAMP_MICROS") return timestampType("MICROS")
  if (logical?.type === "TIME")
    return { kind: "formatted", read: (stored) => timeText(BigInt(stored as bigint), logical.unit === "NANOS" ? 9 : 6) }
  if (converted === "TIME_MICROS") return { kind: "formatted", read: (stored) => timeText(BigInt(stored as bigint), 6) }
  const isUnsigned = logical?.type === "INTEGER" ? !logical.isSigned : converted === "UINT_64"
  if (isUnsigned) return { kind: "integer", read: (stored) => exactInteger(BigInt.asUintN(64, stored as bigint)) }
  return { kind: "integer", read: (stored) => exactInteger(stored as bigint), ofNumber: (stored) => stored }
}

function timestampType(unit: "MILLIS" | "MICROS" | "NANOS"): Reading {
  if (unit === "MILLIS") return { kind: "date", read: Number, ofNumber: (stored) => stored }
  const hasNanos = unit === "NANOS"
  const microsOf = (stored: unknown) => (hasNanos ? floorDivide(stored as bigint, 1000n) : (stored as bigint))
  // The remainder is exact; dividing first would round.
  const ofMicros = (micros: number) => {
    const rest = floorRest(micros)
    return rest === 0 ? micros / 1000 : heldMs((micros - rest) / 1000, rest)
  }
  const ofNumber = hasNanos ? (stored: number) => ofMicros((stored - floorRest(stored)) / 1000) : ofMicros
  return { kind: "date", read: (stored) => msOf(microsOf(stored)), ofNumber, microsOf, hasNanos }
}

function bytesType({ type, converted_type: converted, logical_type: logical, type_length: length }: SchemaElement): Reading {
  if (logical?.type === "UUID") return { kind: "formatted", read: (stored) => uuidText(asBuffer(stored)) }
  if (logical?.type === "FLOAT16") return { kind: "number", read: (stored) => float16(asBuffer(stored)) }
  if (converted === "INTERVAL" || (logical?.type === "INTERVAL" && length === 12))
    return { kind: "formatted", read: (stored) => intervalText(asBuffer(stored)) }
  const isText = converted === "UTF8" || converted === "ENUM" || converted === "JSON"
  const isLogicalText = logical?.type === "STRING" || logical?.type === "ENUM" || logical?.type === "JSON"
  if (isText || isLogicalText) return { kind: "text", read: (stored) => asBuffer(stored).toString() }
  // Old writers (Impala, Spark, Hive) do not annotate texts. Bytes that are not text are formatted as PostgreSQL formats bytea.
  if (type === "BYTE_ARRAY" && converted === undefined && logical === undefined)
    return { kind: "formatted", read: (stored) => textOrHex(asBuffer(stored)) }
  return { kind: "formatted", read: (stored) => `\\x${asBuffer(stored).toString("hex")}` }
}

/** Most digits on either side of the point; PostgreSQL cannot store more. A few bytes in a file can ask for two thousand million digits. */
const mostDigits = 16_383
const mostDecimalBytes = 2048

/** Formats decimals as exact text: the unscaled integer with a decimal point. */
function decimalType(element: SchemaElement): Reading {
  const scale = scaleOf(element)
  if (!(Number.isInteger(scale) && Math.abs(scale) <= mostDigits)) throw new ParquetFault(`a decimal has a scale of ${scale} digits`)
  const unscaled = (stored: unknown) => (stored instanceof Uint8Array ? bigEndian(stored) : BigInt(stored as number | bigint))
  const precision = (element.logical_type?.type === "DECIMAL" ? element.logical_type.precision : element.precision) ?? 0
  const decimal = scale >= 0 && precision >= Math.max(1, scale) ? { precision, scale } : undefined
  return { kind: "formatted", decimal, read: (stored) => decimalText(unscaled(stored), scale) }
}

function scaleOf({ logical_type: logical, scale }: SchemaElement): number {
  return (logical?.type === "DECIMAL" ? logical.scale : scale) ?? 0
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0")
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function bigEndian(bytes: Uint8Array): bigint {
  if (bytes.length > mostDecimalBytes) throw new ParquetFault(`a decimal takes ${bytes.length} bytes`)
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${asBuffer(bytes).toString("hex")}`))
}

/** A number if a double can hold the integer, else its digits as text. */
function exactInteger(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

/** Impala's timestamps have the nanoseconds of the day in the low 64 bits and the Julian day above them. */
function int96Micros(stored: unknown): bigint {
  const parts = BigInt(stored as bigint)
  return ((parts >> 64n) - 2_440_588n) * 86_400_000_000n + BigInt.asUintN(64, parts) / 1000n
}

function msOf(micros: bigint): number {
  const ms = floorDivide(micros, 1000n)
  return heldMs(Number(ms), Number(micros - ms * 1000n))
}

function heldMs(ms: number, micros: number): number {
  const held = withMicroseconds(ms, micros)
  return Number.isNaN(held) ? Number.POSITIVE_INFINITY : held
}

/** The remainder of a division by a thousand, from 0 to 999. */
function floorRest(value: number): number {
  const rest = value % 1000
  return rest < 0 ? rest + 1000 : rest
}

/** An instant that a Date cannot hold: ISO 8601 with six digits of a second, or the stored number if its year is beyond those of a Date. */
export function instantText(stored: unknown, { microsOf }: LeafType): string {
  if (microsOf === undefined) return String(stored)
  const micros = microsOf(stored)
  const ms = floorDivide(micros, 1000n)
  if (isBeyondDate(Number(ms))) return String(stored)
  return `${new Date(Number(ms)).toISOString().slice(0, -1)}${String(micros - ms * 1000n).padStart(3, "0")}Z`
}

/** Whether milliseconds since 1970 are beyond the range of `Date` (ECMA-262, Time Values and Time Range). */
export function isBeyondDate(ms: number): boolean {
  return Math.abs(ms) > 8.64e15
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient
}

/** `HH:MM:SS`, with as many fractional digits as the value needs. */
function timeText(stored: bigint, digits: 6 | 9): string {
  const unit = 10n ** BigInt(digits)
  const size = stored < 0n ? -stored : stored
  const fraction = String(size % unit)
    .padStart(digits, "0")
    .replace(/0+$/, "")
  return (stored < 0n ? "-" : "") + clockText(Number(size / unit) * 1000) + (fraction === "" ? "" : `.${fraction}`)
}

function uuidText(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}

/** Months, days and milliseconds, as an ISO 8601 duration. */
function intervalText(bytes: Buffer): string {
  const [months, days, ms] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)]
  return `P${months}M${days}DT${ms / 1000}S`
}

function textOrHex(bytes: Buffer): string {
  const text = bytes.toString()
  return Buffer.from(text).equals(bytes) && !text.includes("\0") ? text : `\\x${bytes.toString("hex")}`
}

function float16(bytes: Buffer): number {
  const bits = bytes.readUInt16LE(0)
  const sign = bits >> 15 === 1 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

function asBuffer(stored: unknown): Buffer {
  if (!(stored instanceof Uint8Array)) throw new ParquetFault("a text is not stored as bytes")
  return Buffer.from(stored.buffer, stored.byteOffset, stored.length)
}
