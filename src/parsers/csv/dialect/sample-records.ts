import { type SplitRecord, splitRecord } from "../scan/split-record.ts"
import { type Dialect, lineEndAt, textOfView } from "./dialect.ts"

/** A record of the sample and its place. */
export interface SampleRecord extends SplitRecord {
  /** The position of its first byte. */
  readonly start: number
  /** Its number among the records, counted from 1. */
  readonly record: number
  /** Counted from 1. */
  readonly line: number
}

/** Where to begin reading. */
export interface SampleStart {
  readonly at: number
  readonly line: number
}

/** How much of a sample to split. */
export interface SampleBounds {
  readonly records: number
  /** The most fields to keep, and the most characters of each. Further fields are only counted. */
  readonly fields: number
  readonly fieldLength: number
}

/** Splits a sample into records without blank lines and comments. The last record is left out if the end of the sample cuts it. */
export function sampleRecords(view: string, complete: boolean, dialect: Dialect, from: SampleStart, bounds: SampleBounds): SampleRecord[] {
  const options = { keep: bounds.fields, keepLength: bounds.fieldLength }
  const records: SampleRecord[] = []
  let line = from.line
  for (let at = from.at; at < view.length && records.length < bounds.records; ) {
    const comment = dialect.comment !== undefined && view.startsWith(dialect.comment, at)
    const record = splitRecord(view, at, comment ? { ...dialect, delimiter: undefined, quote: undefined } : dialect, options)
    if (record.next >= view.length && !complete && records.length > 0) break
    const blank = record.fields.length === 1 && record.quoted[0] !== true && record.fields[0]?.trim() === ""
    if (!comment && !blank) records.push({ ...record, start: at, record: records.length + 1, line })
    line += countLines(view, at, record.next, dialect)
    at = record.next
  }
  return records
}

/** Position and line after this many lines. */
export function skipLines(view: string, count: number, dialect: Dialect): SampleStart {
  let at = 0
  let line = 1
  for (; line <= count && at < view.length; line++) {
    let length = 0
    while (at < view.length && length === 0) {
      length = lineEndAt(view, at, dialect)
      at += Math.max(1, length)
    }
  }
  return { at, line }
}

function countLines(view: string, from: number, to: number, dialect: Dialect): number {
  let lines = 0
  for (let at = from; at < to; at++) {
    const length = lineEndAt(view, at, dialect)
    if (length === 0) continue
    lines++
    at += length - 1
  }
  return lines
}

/** The fields of a record as text. */
export function fieldsAsText(record: SampleRecord): string[] {
  return record.fields.map(textOfView)
}
