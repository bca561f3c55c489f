import fc from "fast-check"
import { Bitmask } from "../../src/model/bitmask.ts"
import { CellError } from "../../src/model/cell-error.ts"
import type { Column } from "../../src/model/column.ts"
import { BooleanColumn } from "../../src/model/columns/boolean-column.ts"
import { BytesColumn } from "../../src/model/columns/bytes-column.ts"
import { DateColumn } from "../../src/model/columns/date-column.ts"
import { DictionaryColumn } from "../../src/model/columns/dictionary-column.ts"
import { MissingColumn } from "../../src/model/columns/missing-column.ts"
import { NumberColumn } from "../../src/model/columns/number-column.ts"
import { ValueColumn } from "../../src/model/columns/value-column.ts"
import { createIssue } from "../../src/model/create-issue.ts"
import { dimensions } from "../../src/model/dimension.ts"
import { Duration } from "../../src/model/duration.ts"
import type { Issue } from "../../src/model/issue.ts"
import type { Origin } from "../../src/model/origin.ts"
import { TableBatch } from "../../src/model/table-batch.ts"
import type { TableFacts } from "../../src/model/table-facts.ts"
import { TimeOfDay } from "../../src/model/time-of-day.ts"

/** Any UTF-16, lone surrogates included. */
const anyText = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: "grapheme", maxLength: 5 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 }).map((units) => String.fromCharCode(...units)),
)
const name = fc.oneof(anyText, fc.constantFrom("__proto__", "constructor", "", "0", "id"))
/** The matchers compare the property `constructor` of objects by identity, so a nested value has none of its own. */
const key = name.filter((each) => each !== "constructor")
const date = fc.date({ noInvalidDate: false })

/** Every value that a column of values may contain. */
const cellValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      fc.constantFrom(null, Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, true, false),
      anyText,
      fc.double(),
      fc.bigInt(),
      date,
      anyText.map((text) => new CellError(text)),
      fc.double().map((ms) => new TimeOfDay(ms)),
      fc.integer().map((ms) => new Duration(ms)),
      fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
    ),
    fc.array(fc.oneof(tie("value"), fc.constant(undefined)), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value

const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: -99_999, max: 99_999 }).map((cents) => cents / 100),
  fc.maxSafeInteger(),
  fc.constantFrom(Number.NaN, -0, 0, 2 ** 53, 2 ** 32, -(2 ** 31)),
)
/** Numbers of one kind in all rows are what the short forms are for. */
const numbersOf = (length: number) =>
  fc.oneof(
    list(number, length),
    list(fc.integer({ min: 0, max: 300 }), length),
    fc
      .tuple(fc.integer(), fc.integer({ min: -3, max: 300 }))
      .map(([first, step]) => Array.from({ length }, (_, row) => first + row * step)),
    list(
      fc.oneof(
        fc.integer({ min: -9_999, max: 99_999 }).map((cents) => cents / 100),
        fc.constant(Number.NaN),
      ),
      length,
    ),
    list(
      fc.integer({ min: -10_000, max: 40_000 }).map((days) => days * 86_400_000),
      length,
    ),
    fc.constant(new Array<number>(length).fill(7)),
  )

const list = <V>(each: fc.Arbitrary<V>, length: number) => fc.array(each, { minLength: length, maxLength: length })

function masks(length: number): fc.Arbitrary<Bitmask> {
  const some = list(fc.boolean(), length).map((nulls) => {
    const mask = new Bitmask(length)
    nulls.forEach((isNull, row) => {
      if (isNull) mask.set(row)
    })
    return mask
  })
  return fc.oneof(some, fc.constant(new Bitmask(length)), fc.constant(Bitmask.full(length)))
}

/** Columns that share one buffer, dictionaries and arrays, as columns of a file and columns made of them do. */
function columnsOf(length: number): fc.Arbitrary<readonly Column<unknown>[]> {
  const mask = masks(length)
  const ranges = fc.tuple(list(fc.nat(60), length), list(fc.nat(12), length), fc.nat(3)).map(([starts, lengths, spare]) => ({
    starts: Uint32Array.from([...starts, ...new Array<number>(spare).fill(9)]),
    ends: Uint32Array.from([...starts.map((start, row) => start + (lengths[row] ?? 0)), ...new Array<number>(spare).fill(11)]),
  }))
  const buffers = fc.array(fc.string({ minLength: 72, maxLength: 72 }), { minLength: 1, maxLength: 2 }).map((texts) =>
    texts.map((text) => {
      // A part of a larger buffer, as views of Node's pool are.
      const whole = Buffer.from(new ArrayBuffer(100))
      whole.write(text, 5, "latin1")
      return whole.subarray(5, 77)
    }),
  )
  const dictionary = fc.uniqueArray(anyText, { minLength: 1, maxLength: 5 })
  return fc
    .record({
      buffers,
      ranges: fc.array(ranges, { minLength: 1, maxLength: 3 }),
      texts: fc.array(dictionary, { minLength: 1, maxLength: 2 }),
    })
    .chain(({ buffers: bytes, ranges: places, texts }) => {
      // Arrays of ranges belong to one buffer.
      const place = fc.nat(places.length - 1).map((at) => [bytes[at % bytes.length] as Buffer, places[at] as RangeArrays] as const)
      const plain = fc.option(
        place.map(([buffer, { starts, ends }]) => ({ bytes: buffer, starts, ends })),
        { nil: undefined },
      )
      const blanks = fc.option(mask, { nil: undefined })
      const bytesColumn = fc
        .tuple(place, mask, plain, blanks)
        .map(
          ([[buffer, { starts, ends }], nulls, own, white]) =>
            new BytesColumn(buffer, starts, ends, length, nulls, { plain: own, blanks: white }),
        )
      const dictionaryColumn = fc
        .constantFrom(...texts)
        .chain((values) =>
          fc
            .tuple(list(fc.nat(values.length - 1), length), mask, fc.boolean())
            .map(([codes, nulls, isLazy]) => new DictionaryColumn(Uint32Array.from(codes), isLazy ? () => values : values, length, nulls)),
        )
      const numbers = numbersOf(length).map((values) => Float64Array.from(values))
      const column: fc.Arbitrary<Column<unknown>> = fc.oneof(
        bytesColumn,
        dictionaryColumn,
        fc.tuple(numbers, mask, plain).map(([values, nulls, own]) => new NumberColumn(values, length, nulls, own)),
        fc.tuple(numbers, mask, plain).map(([values, nulls, own]) => new DateColumn(values, length, nulls, own)),
        fc
          .tuple(list(fc.boolean(), length), mask)
          .map(([flags, nulls]) => new BooleanColumn(Uint8Array.from(flags, Number), length, nulls)),
        list(cellValue, length).map((values) => new ValueColumn(values, length)),
        fc.tuple(list(cellValue, length), mask).map(([values, nulls]) => new ValueColumn(values, length, nulls)),
        fc.constant(new MissingColumn(length)),
      )
      return fc.array(column, { minLength: 1, maxLength: 6 })
    })
}

interface RangeArrays {
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)))

const facts = (header: readonly string[]): fc.Arbitrary<TableFacts> =>
  fc
    .record(
      {
        name: anyText,
        header: fc.constant(header),
        hidden: fc.boolean(),
        growing: fc.boolean(),
        notices: fc.array(fc.record({ code: anyText, message: anyText, row: fc.nat() }, { requiredKeys: ["code", "message"] }), {
          maxLength: 2,
        }),
        facts: fc.dictionary(fc.string({ maxLength: 3 }), json, { maxKeys: 2 }),
      },
      { requiredKeys: ["name", "header"] },
    )
    // Objects with the usual prototype, as parsers make them.
    .map((made): TableFacts => JSON.parse(JSON.stringify(made)))

const origin: fc.Arbitrary<Origin> = fc
  .record(
    {
      uri: fc.constantFrom("file:///a.csv", "s3://b/ä"),
      version: fc.constantFrom("1", "2"),
      table: fc.constantFrom("Sheet1", "x"),
      row: fc.maxSafeInteger().map(Math.abs),
      line: fc.nat(),
      offset: fc.maxSafeInteger().map(Math.abs),
      address: fc.constantFrom("A1", "XFD1048576"),
    },
    { requiredKeys: ["uri", "row"] },
  )
  // Keys in the order in which parsers set them.
  .map(({ uri, version, table, row, line, offset, address }) =>
    JSON.parse(JSON.stringify({ uri, version, table, row, line, offset, address })),
  )

const sheetOrigins = (length: number) =>
  fc
    .tuple(fc.constantFrom("A", "XFD", ""), fc.nat(1000))
    .map(([letters, first]) =>
      Array.from({ length }, (_, at): Origin => ({ uri: "a.xlsx", row: first + at, address: `${letters}${first + at}` })),
    )

const issue: fc.Arbitrary<Issue> = fc
  .record({
    code: anyText,
    message: anyText,
    rule: fc.option(anyText, { nil: undefined }),
    dimension: fc.constantFrom(...dimensions),
    column: fc.option(name, { nil: undefined }),
    severity: fc.constantFrom("error" as const, "warning" as const),
    confidence: fc.constantFrom(1, 0.5),
    suggestion: fc.option(anyText, { nil: undefined }),
  })
  .map(createIssue)

/** A batch with columns of every kind that share arrays, and everything that stages may have done to it. */
export const anyBatch: fc.Arbitrary<TableBatch<unknown>> = fc
  .oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 9, arbitrary: fc.nat(40) })
  .chain((length) =>
    columnsOf(length).chain((columns) =>
      fc.uniqueArray(name, { minLength: columns.length, maxLength: columns.length }).chain((names) => {
        const row = fc.nat(Math.max(0, length - 1))
        const some = <V>(each: fc.Arbitrary<V>) => fc.array(each, { maxLength: length === 0 ? 0 : 6 })
        return fc
          .record({
            table: facts(names),
            header: fc.boolean(),
            own: fc.option(fc.subarray(names), { nil: undefined }),
            absent: fc.subarray(names),
            origins: fc.oneof(list(origin, length), sheetOrigins(length)),
            unread: some(fc.tuple(row, anyText)),
            marks: some(fc.tuple(row, issue, fc.constantFrom(1, 2, 99, 130))),
            dropped: some(row),
            distrusted: some(row),
            unjudged: some(fc.tuple(anyText, row)),
            more: some(fc.tuple(row, issue)),
            quality: fc.option(
              list(fc.oneof(fc.constant(100), fc.constant(Number.NaN), fc.double({ min: 0, max: 100, noNaN: true })), length),
              { nil: undefined },
            ),
          })
          .map(({ table, own, absent, origins, unread, marks, dropped, distrusted, unjudged, more, quality, header }) => {
            const batch = TableBatch.of<unknown>({
              length,
              table: header ? table : { ...table, header: ["other"] },
              names,
              columns,
              origins: { at: (at) => origins[at] as Origin },
              unread: unread.length === 0 ? undefined : new Map(unread),
            })
            for (const [at, each, times] of marks)
              for (let time = 0; time < times; time++) batch.mark(at, { ...each, message: `${each.message}${time}` })
            for (const at of dropped) batch.drop(at)
            for (const at of distrusted) batch.distrust(at)
            for (const [rule, at] of unjudged) batch.unjudged.add(rule, at)
            for (const [at, each] of more) batch.mark(at, each)
            if (quality !== undefined) batch.quality = Float64Array.from(quality)
            if (own === undefined) return batch
            const kept = names.flatMap((each, at) => (own.includes(each) ? [columns[at] as Column<unknown>] : []))
            return batch.withShape({ names: own, columns: kept, absent: new Set(absent) })
          })
      }),
    ),
  )
