import type { SchemaElement } from "hyparquet"
import { clockText } from "../../model/clock-text.ts"
import { ParquetFault } from "./parquet-fault.ts"

/** How the stored values of a column are read: which kind of column they make, and each value of it. */
export interface LeafType {
  /** `"whole"` gives numbers, and text beyond the integers that a double holds. `"text"` leaves bytes of UTF-8 as they are. */
  readonly kind: "boolean" | "number" | "whole" | "date" | "text" | "written"
  /** The value of one stored value; milliseconds since 1970 UTC for dates. */
  readonly read: (stored: unknown) => number | string | boolean
  /** The same, of an integer of 64 bits that a double holds, where that is a number too: it is a tenth of the time. */
  readonly ofNumber?: (stored: number) => number
  /** Set where values are finer than a millisecond, which dates here are cut to. */
  readonly finerThanMs?: boolean
  /** Bytes that the text of a value has at most, where it is one: so many, and so many for each byte that is stored. */
  readonly textBase: number
  readonly textPerByte: number
}

type Reading = Pick<LeafType, "kind" | "read" | "ofNumber" | "finerThanMs">

/** The type of a leaf of the schema, by its logical type, else its converted type, else how it is stored. */
export function leafType(element: SchemaElement): LeafType {
  const reading = readingOf(element)
  if (reading.kind === "text") return { ...reading, textBase: 0, textPerByte: 1 }
  if (reading.kind !== "written") return { ...reading, textBase: 0, textPerByte: 0 }
  // Hexadecimal digits are two for a byte, decimal ones up to two and a half, with as many more as the scale has.
  return { ...reading, textBase: 40 + Math.abs(scaleOf(element)), textPerByte: 3 }
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
      return { kind: "date", read: (stored) => int96Ms(BigInt(stored as bigint)), finerThanMs: true }
    case "FLOAT":
    case "DOUBLE":
      return { kind: "number", read: Number }
    default:
      return bytesType(element)
  }
}

function int32Type({ converted_type: converted, logical_type: logical }: SchemaElement): Reading {
  if (logical?.type === "DATE" || converted === "DATE") return { kind: "date", read: (stored) => Number(stored) * 86_400_000 }
  if (logical?.type === "TIME" || converted === "TIME_MILLIS") return { kind: "written", read: (stored) => clockText(Number(stored)) }
  const isUnsigned = logical?.type === "INTEGER" ? !logical.isSigned : converted?.startsWith("UINT") === true
  return { kind: "number", read: isUnsigned ? (stored) => Number(stored) >>> 0 : Number }
}

function int64Type({ converted_type: converted, logical_type: logical }: SchemaElement): Reading {
  if (logical?.type === "TIMESTAMP") return timestampType(logical.unit)
  if (converted === "TIMESTAMP_MILLIS") return timestampType("MILLIS")
  if (converted === "TIMESTAMP_MICROS") return timestampType("MICROS")
  if (logical?.type === "TIME")
    return { kind: "written", read: (stored) => timeText(BigInt(stored as bigint), logical.unit === "NANOS" ? 9 : 6) }
  if (converted === "TIME_MICROS") return { kind: "written", read: (stored) => timeText(BigInt(stored as bigint), 6) }
  const isUnsigned = logical?.type === "INTEGER" ? !logical.isSigned : converted === "UINT_64"
  if (isUnsigned) return { kind: "whole", read: (stored) => exactInteger(BigInt.asUintN(64, stored as bigint)) }
  return { kind: "whole", read: (stored) => exactInteger(stored as bigint), ofNumber: (stored) => stored }
}

function timestampType(unit: "MILLIS" | "MICROS" | "NANOS"): Reading {
  if (unit === "MILLIS") return { kind: "date", read: Number, ofNumber: (stored) => stored }
  const divisor = unit === "MICROS" ? 1000 : 1_000_000
  // The remainder is exact, where the quotient is rounded.
  const ofNumber = (stored: number) => (stored - (((stored % divisor) + divisor) % divisor)) / divisor
  return { kind: "date", read: (stored) => Number(floorDivide(stored as bigint, BigInt(divisor))), ofNumber, finerThanMs: true }
}

function bytesType({ type, converted_type: converted, logical_type: logical, type_length: length }: SchemaElement): Reading {
  if (logical?.type === "UUID") return { kind: "written", read: (stored) => uuidText(asBuffer(stored)) }
  if (logical?.type === "FLOAT16") return { kind: "number", read: (stored) => float16(asBuffer(stored)) }
  if (converted === "INTERVAL" || (logical?.type === "INTERVAL" && length === 12))
    return { kind: "written", read: (stored) => intervalText(asBuffer(stored)) }
  const isText = converted === "UTF8" || converted === "ENUM" || converted === "JSON"
  const isLogicalText = logical?.type === "STRING" || logical?.type === "ENUM" || logical?.type === "JSON"
  if (isText || isLogicalText) return { kind: "text", read: (stored) => asBuffer(stored).toString() }
  // Old writers (Impala, Spark, Hive) leave texts without an annotation; what is no text is written as PostgreSQL writes bytes.
  if (type === "BYTE_ARRAY" && converted === undefined && logical === undefined)
    return { kind: "written", read: (stored) => textOrHex(asBuffer(stored)) }
  return { kind: "written", read: (stored) => `\\x${asBuffer(stored).toString("hex")}` }
}

/** Digits on either side of the point beyond which no database has a decimal. A few bytes can ask for two thousand million of them. */
const mostDigits = 16_383
const mostDecimalBytes = 2048

/** Decimals as exact text: the unscaled integer with the point put in. */
function decimalType(element: SchemaElement): Reading {
  const scale = scaleOf(element)
  if (!(Number.isInteger(scale) && Math.abs(scale) <= mostDigits)) throw new ParquetFault(`a decimal has ${scale} digits behind its point`)
  const unscaled = (stored: unknown) => (stored instanceof Uint8Array ? bigEndian(stored) : BigInt(stored as number | bigint))
  return { kind: "written", read: (stored) => decimalText(unscaled(stored), scale) }
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

/** A number where a double holds the integer, else its digits. */
function exactInteger(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

/** Impala's timestamps: nanoseconds of the day in the low 64 bits, the Julian day above. */
function int96Ms(stored: bigint): number {
  const day = Number(stored >> 64n) - 2_440_588
  return day * 86_400_000 + Number(BigInt.asUintN(64, stored) / 1_000_000n)
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient
}

/** `HH:MM:SS` with as many digits after the second as the value needs. */
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
  if (!(stored instanceof Uint8Array)) throw new ParquetFault("a text is stored as something else")
  return Buffer.from(stored.buffer, stored.byteOffset, stored.length)
}
