import { shownText } from "../../errors/shown-text.ts"
import { toDate } from "../../model/fine-instant.ts"
import { type ColumnFormat, realDigits } from "./column-format.ts"
import { intervalFields, intervalParts } from "./interval-parts.ts"
import { notWhole, Unwritable } from "./value-text.ts"

const code = "postgres.altered"

/**
 * Why a column would store something else than this text says: PostgreSQL drops leading zeros, rounds to a scale, cuts a time off, all without an error.
 * Undefined if the column stores the text's value, or PostgreSQL refuses it.
 */
export function alteration(given: string, format: ColumnFormat): Unwritable | undefined {
  const text = given.trim()
  if (format.finest !== undefined) return intervalPartLost(text, format)
  if (format.secondDigits !== undefined) return zoneLost(text, format) ?? secondDigitsLost(text, format.secondDigits)
  switch (format.kind) {
    case "integer":
      return formLost(text) ?? (format.guessed === true ? meaningOpen(text) : undefined) ?? fractionLost(text, format)
    case "numeric":
    case "float":
      return formLost(text) ?? digitsLost(text, format) ?? (format.guessed === true ? meaningOpen(text) : undefined)
    case "date":
      return timeLost(text)
    case "text":
      return blanksLost(given, format) ?? endLost(given, format)
    default:
      return format.scale === undefined ? undefined : digitsLost(text, { ...format, kind: "numeric" })
  }
}

/**
 * Why PostgreSQL would make something of a text that only it can know: `yesterday` is another day each day, and `01/02/03` depends on its settings.
 * Dates have to begin with the year, and booleans are whole words. Undefined if the text means the same to everybody, or PostgreSQL refuses it.
 */
export function interpretation(given: string, { kind, secondDigits, finest }: ColumnFormat): Unwritable | undefined {
  const text = given.trim()
  const isPlain = plainForm(kind, secondDigits !== undefined && finest === undefined)?.test(text) ?? true
  if (isPlain) return undefined
  const takes = kind === "other" ? "times such as 23:59:59" : examples[kind]
  return new Unwritable(code, `${shownText(text)} is a text that PostgreSQL would interpret, but the column takes ${takes}`)
}

const examples: { readonly [kind: string]: string } = {
  date: "dates such as 2025-12-31",
  timestamp: "timestamps such as 2025-12-31 23:59:59",
  boolean: "true and false",
}

const isoDate =
  /^\d{4,7}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)? ?(?:z|utc|[-+]\d\d(?::?\d\d){0,2})?)?(?: bc)?$|^\d{8}$|^-?infinity$/i
const clockTime = /^(?:\d{1,2}:|\d{4,6}(?:\D|$))(?!.*\d-\d)/
const booleanWord = /^(?:true|t|yes|y|on|1|false|f|no|n|off|0)$/i

/** The texts that mean the same to everybody, for a kind of column. */
function plainForm(kind: ColumnFormat["kind"], hasSeconds: boolean): RegExp | undefined {
  if (kind === "date" || kind === "timestamp") return isoDate
  if (kind === "boolean") return booleanWord
  return kind === "other" && hasSeconds ? clockTime : undefined
}

/** Why a column would store another number than this one. */
export function numberAlteration(value: number, { kind, scale, digits }: ColumnFormat): Unwritable | undefined {
  if (!Number.isFinite(value)) return undefined
  if (kind === "float") return digits === realDigits && !isReal(value) ? roundedTo(String(value), "a real") : undefined
  if (scale === undefined || (scale >= 0 && Number.isInteger(value))) return undefined
  // A double has noise behind its fifteenth digit: 0.1 + 0.2 has the scale 1.
  const shown = String(Number(value.toPrecision(15)))
  return isWithinScale(shown, scale) ? undefined : beyondScale(String(value), scale)
}

/** Why a column would store another instant than this one, in milliseconds. */
export function instantAlteration(ms: number, { secondDigits = 6 }: ColumnFormat): Unwritable | undefined {
  const step = 10 ** (6 - secondDigits)
  const isKept = !Number.isFinite(ms) || Math.round((ms - Math.floor(ms / 1000) * 1000) * 1000) % step === 0
  return isKept || Number.isNaN(new Date(ms).getTime()) ? undefined : beyondSecondDigits(toDate(ms).toISOString(), secondDigits)
}

/** Whether the bytes of a text have to be looked at by `alteration`. Nearly all texts do not, and this is quick to see. */
export function mayBeAltered(bytes: Uint8Array, start: number, end: number, format: ColumnFormat): boolean {
  const { kind, scale, digits, length, secondDigits } = format
  if (format.finest !== undefined) return true
  if (kind === "date" || kind === "timestamp") return end - start !== 10 || !isDigit(bytes[start]) || bytes[start + 4] !== minus
  if (secondDigits !== undefined) return !isClockTime(bytes, start, end)
  if (kind === "boolean") return true
  if (format.mostBytes !== undefined) return end - start > format.mostBytes
  if (kind === "text") return length !== undefined && end - start > length && bytes[end - 1] === blank
  if (format.guessed === true) return true
  const first = bytes[start] === minus ? start + 1 : start
  if (first === end) return false
  if (!isDigit(bytes[first]) || (bytes[first] === zero && end - first > 1 && bytes[first + 1] !== point)) return true
  if (digits !== undefined && end - first > digits) return true
  if (scale !== undefined && scale < 0) return true
  for (let at = first + 1; at < end; at++) {
    if (isDigit(bytes[at])) continue
    if (bytes[at] !== point || kind === "integer" || (scale !== undefined && end - at - 1 > scale)) return true
  }
  return false
}

/** Whether a text has only digits and colons. */
function isClockTime(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(bytes[at]) && (bytes[at] !== colon || at === start)) return false
  return true
}

const minus = 45
const colon = 58
const point = 46
const zero = 48
const blank = 32

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57
}

/** What tells codes and telephone numbers from numbers. */
function formLost(text: string): Unwritable | undefined {
  const lost = /^[-+]?0[\d_]/.test(text)
    ? "leading zeros"
    : /^\+[\d.]/.test(text)
      ? "plus sign"
      : /^[-+]?0[xob]/i.test(text)
        ? "prefix"
        : /^[-+]?[\d.][\d.]*_/.test(text)
          ? "underscores"
          : undefined
  return lost === undefined
    ? undefined
    : new Unwritable(code, `${shownText(text)} is a text that would lose its ${lost} in a column of numbers`)
}

const fraction = /^[-+]?(?:\d+\.\d*|\.\d+)$/

/** PostgreSQL refuses it too, with the words "invalid input syntax". */
function fractionLost(text: string, format: ColumnFormat): Unwritable | undefined {
  return fraction.test(text) ? notWhole(shownText(text), format) : undefined
}

const groupOrFraction = /^[-+]?[1-9]\d{0,2}\.\d{3}$/

/** Why a text may be one of two numbers. */
function meaningOpen(text: string): Unwritable | undefined {
  if (!groupOrFraction.test(text)) return undefined
  return new Unwritable(
    "postgres.doubt",
    `${shownText(text)} may be thousands or a decimal, and the column is text because nothing decided what it is`,
  )
}

function digitsLost(text: string, { kind, scale, digits }: ColumnFormat): Unwritable | undefined {
  if (kind === "numeric") return scale === undefined || isWithinScale(text, scale) ? undefined : beyondScale(text, scale)
  if (kind !== "float" || digits === undefined) return undefined
  const exact = significant(text)
  if (exact === undefined || exact.digits.length <= digits) return undefined
  const value = Number(text)
  const stored = significant(String(value))
  const isKept = stored?.digits === exact.digits && stored.power === exact.power && (digits !== realDigits || isReal(value))
  return isKept || !Number.isFinite(value) ? undefined : roundedTo(text, digits === realDigits ? "a real" : "a double")
}

/** Whether a real holds this number, or is shown as this number: by its shortest text that no other real has. */
function isReal(value: number): boolean {
  const real = Math.fround(value)
  if (real === value) return true
  for (let digits = realDigits; digits <= 9; digits++) {
    const shown = Number(real.toPrecision(digits))
    if (Math.fround(shown) === real) return shown === value
  }
  return false
}

function isWithinScale(text: string, scale: number): boolean {
  const exact = significant(text)
  return exact === undefined || exact.digits === "" || exact.power >= -scale
}

/** The digits of a number without the zeros around them, and the power of ten of the last one. Undefined for other texts. */
function significant(text: string): { readonly digits: string; readonly power: number } | undefined {
  const match = /^[-+]?(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,6}))?$/.exec(text)
  if (match === null) return undefined
  const [, whole = "", fraction = "", exponent = "0"] = match
  const all = whole + fraction
  let end = all.length
  while (end > 0 && all[end - 1] === "0") end--
  let start = 0
  while (start < end && all[start] === "0") start++
  return { digits: all.slice(start, end), power: Number(exponent) + whole.length - end }
}

function timeLost(text: string): Unwritable | undefined {
  const time = /^[^:]*?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d*))?)?/.exec(text)
  const isMidnight = time === null || time.slice(1).every((part) => Number(part ?? 0) === 0)
  return isMidnight
    ? undefined
    : new Unwritable("postgres.time_of_day", `${shownText(text)} has a time of day, but the column only holds dates`)
}

const offset = /:\d\d(?:[.,]\d+)? ?([-+]\d\d?(?::?\d\d){0,2})(?: bc)?$/i

/** An offset of zero is kept: a timestamp without a time zone holds UTC. */
function zoneLost(text: string, { zoneless }: ColumnFormat): Unwritable | undefined {
  const found = zoneless === true ? offset.exec(text)?.[1] : undefined
  if (found === undefined || !/[1-9]/.test(found)) return undefined
  return new Unwritable(code, `${shownText(text)} would lose its offset ${found} in a column without a time zone`)
}

/** Why a type would drop the finest parts of an interval, or round its seconds. */
function intervalPartLost(text: string, { finest = "second", secondDigits = 6 }: ColumnFormat): Unwritable | undefined {
  const most = intervalFields.indexOf(finest)
  for (const { field, digits } of intervalParts(text)) {
    if (!/[1-9]/.test(digits)) continue
    if (intervalFields.indexOf(field) > most)
      return new Unwritable(code, `${shownText(text)} would lose its ${field}s in a column of intervals that ends with ${finest}s`)
    const fraction = digits.split(/[.,]/)[1] ?? ""
    const kept = field === "second" ? secondDigits : field === finest ? 0 : fraction.length
    if (/[1-9]/.test(fraction.slice(kept)))
      return field === "second"
        ? beyondSecondDigits(text, secondDigits)
        : new Unwritable(code, `${shownText(text)} would lose its fraction of a ${field} in this column`)
  }
  return undefined
}

function endLost(text: string, { mostBytes }: ColumnFormat): Unwritable | undefined {
  if (mostBytes === undefined) return undefined
  const bytes = new TextEncoder().encode(text).length
  return bytes <= mostBytes
    ? undefined
    : new Unwritable(code, `the text has ${bytes} bytes, and its type cuts off all after ${mostBytes === 1 ? "the first one" : mostBytes}`)
}

function secondDigitsLost(text: string, digits: number): Unwritable | undefined {
  const fraction = /:\d\d[.,](\d+)/.exec(text)?.[1]
  return fraction !== undefined && /[1-9]/.test(fraction.slice(digits)) ? beyondSecondDigits(text, digits) : undefined
}

function beyondSecondDigits(text: string, digits: number): Unwritable {
  const kept = digits === 0 ? "whole seconds" : digits === 1 ? "one digit of a second" : `${digits} digits of a second`
  return new Unwritable(code, `${shownText(text)} would be rounded to ${kept} in this column`)
}

function blanksLost(text: string, { length }: ColumnFormat): Unwritable | undefined {
  if (length === undefined || !text.endsWith(" ")) return undefined
  const characters = [...text].length
  // A longer text is refused by PostgreSQL.
  let end = text.length
  while (text[end - 1] === " ") end--
  const isCut = characters > length && characters - (text.length - end) <= length
  return isCut
    ? new Unwritable(code, `the text has ${characters} characters and would lose blanks at its end in a column of ${length}`)
    : undefined
}

function beyondScale(text: string, scale: number): Unwritable {
  return new Unwritable(code, `${shownText(text)} would be rounded to the column's scale of ${scale}`)
}

function roundedTo(text: string, type: string): Unwritable {
  return new Unwritable(code, `${shownText(text)} has more digits than ${type} can hold`)
}
