import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import type { Column } from "../../src/model/column.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { BytesColumn } from "../../src/model/columns/bytes-column.ts"
import { DictionaryColumn } from "../../src/model/columns/dictionary-column.ts"
import { toDate } from "../../src/model/fine-instant.ts"
import { TableBatch } from "../../src/model/table-batch.ts"
import { postgres } from "../../src/postgres.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { deliver } from "../sinks/deliver.ts"

// The settings of every load, so that the oracle reads and shows dates in the same way.
const { pool, clear } = await ledgerDatabase({ options: "-c timezone=UTC -c datestyle=ISO,YMD -c extra_float_digits=1" })
beforeAll(async () => {
  await pool.query(`
    CREATE TYPE mood AS ENUM ('calm', 'it''s', 'a,b', '\\N', 'quo"te', 'Ünï');
    CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
    CREATE DOMAIN label AS varchar(8) NOT NULL;
    CREATE FUNCTION as_inserted(value text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE stored text;
    BEGIN
      EXECUTE format('INSERT INTO oracle (v) VALUES (%L) RETURNING v::text', value) INTO stored;
      RETURN stored;
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN RETURN 'refused: ' || SQLSTATE;
    END $$`)
})

type Layout = (values: readonly unknown[]) => Column<unknown>

const asValues: Layout = (values) => columnOf(values)

/** One buffer for the whole column, as in a csv file. It cannot contain half of a surrogate pair. */
const asBytes: Layout = (values) => {
  const texts = values.map((value) => Buffer.from(String(value)))
  let end = 0
  const ends = Uint32Array.from(texts, ({ length }) => (end += length))
  const starts = Uint32Array.from(ends, (end, at) => end - (texts[at]?.length ?? 0))
  return new BytesColumn(Buffer.concat(texts), starts, ends, values.length)
}

/** Each text once, like the shared strings of a workbook. */
const asDictionary: Layout = (values) => {
  const distinct = [...new Set(values.map(String))]
  return new DictionaryColumn(
    Uint32Array.from(values, (value) => distinct.indexOf(String(value))),
    distinct,
    values.length,
  )
}

/** Loads values into a column and returns the stored texts by position. For a refused value, returns its SQLSTATE or the encoder's code. */
async function loaded(type: string, values: readonly unknown[], layout: Layout): Promise<readonly (string | null)[]> {
  await clear()
  await pool.query(`DROP TABLE IF EXISTS subject; CREATE TABLE subject (n int, v ${type})`)
  const names = ["n", "v"]
  const batch = TableBatch.of<object>({
    length: values.length,
    table: { name: "values", header: names },
    names,
    columns: [columnOf(values.map((_, n) => n)), layout(values)],
    origins: { at: (row) => ({ uri: "memory:values", row: row + 1 }) },
  })
  const report = await deliver(postgres({ pool, table: "subject" }), [batch], { content: String(Math.random()) })
  expect(report.loaded + report.rejected).toBe(values.length)
  const { rows } = await pool.query(
    `SELECT n, v::text FROM subject UNION ALL
     SELECT row_number::int - 1, replace(issues -> 0 ->> 'code', 'postgres.', 'refused: ') FROM rowgate.reject ORDER BY n`,
  )
  return rows.map(({ v }) => v)
}

/** The texts that an INSERT stores for the same values, one after another. */
async function inserted(type: string, texts: readonly (string | null)[]): Promise<readonly (string | null)[]> {
  await pool.query(`DROP TABLE IF EXISTS oracle; CREATE TABLE oracle (v ${type})`)
  const { rows } = await pool.query("SELECT as_inserted(t) AS v FROM unnest($1::text[]) WITH ORDINALITY AS u (t, n) ORDER BY n", [texts])
  return rows.map(({ v }) => v)
}

const runs = { numRuns: 5 }
const many = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 40 })

/** Pieces that COPY, csv and SQL treat differently. */
const awkward = fc.constantFrom(
  "\\.",
  "\\N",
  "\\",
  "\\\\",
  "\n",
  "\r",
  "\r\n",
  "\t",
  "\b",
  "\v",
  "\f",
  '"',
  "'",
  ",",
  ";",
  "NULL",
  "{}",
  "$$",
  "\u0085",
  "\u2028",
  "\ufeff",
  "😀",
  "e\u0301",
)
const anyText = fc.oneof(
  fc.array(fc.oneof(awkward, fc.string({ unit: "binary" })), { maxLength: 6 }).map((parts) => parts.join("")),
  awkward,
)
const soundText = anyText.filter((text) => !text.includes("\0"))

describe("a text arrives unchanged", () => {
  test.each<[string, Layout]>([
    ["of values", asValues],
    ["of bytes", asBytes],
    ["of a dictionary", asDictionary],
  ])("from a column %s", async (_, layout) => {
    await fc.assert(
      fc.asyncProperty(many(soundText), async (texts) => {
        expect(await loaded("text", texts, layout)).toEqual(texts)
      }),
      runs,
    )
  })

  test.each([
    ["a line feed", "\n"],
    ["a carriage return", "\r"],
    ["both", "\r\n"],
    ["a quote", '\n"'],
  ])("where it ends in %s, right before the text of the next row", async (_, end) => {
    const texts = ["one", "two", "three"].map((text) => text + end)
    expect(await loaded("text", texts, asBytes)).toEqual(texts)
  })

  test.each<[string, Layout]>([
    ["of values", asValues],
    ["of bytes", asBytes],
    ["of a dictionary", asDictionary],
  ])("or its row is refused where it holds NUL, from a column %s", async (_, layout) => {
    await fc.assert(
      fc.asyncProperty(many(fc.tuple(soundText, fc.constantFrom("", "\0"), soundText).map((parts) => parts.join(""))), async (texts) => {
        const expected = texts.map((text) => (text.includes("\0") ? "refused: null_character" : text))
        expect(await loaded("text", texts, layout)).toEqual(expected)
      }),
      runs,
    )
  })

  test("or its row is refused if it holds half of a surrogate pair", async () => {
    await fc.assert(
      fc.asyncProperty(many(fc.tuple(soundText, fc.constantFrom("x", "\ud83d", "\udc00"), fc.constantFrom("", "y"))), async (parts) => {
        const texts = parts.map((each) => each.join(""))
        const expected = texts.map((text) => (/\p{Surrogate}/u.test(text) ? "refused: lone_surrogate" : text))
        for (const layout of [asValues, asDictionary]) expect(await loaded("text", texts, layout)).toEqual(expected)
      }),
      runs,
    )
  })
})

const digits = fc
  .tuple(fc.constantFrom("", "-", "+"), fc.bigInt({ min: 0n, max: 10n ** 60n }), fc.integer({ min: 0, max: 40 }))
  .map(([sign, number, scale]) => {
    const text = number.toString().padStart(scale + 1, "0")
    return sign + (scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`)
  })
const numericText = fc.oneof(
  digits,
  fc.constantFrom(
    "0",
    "00",
    "007",
    "-007",
    "00.5",
    "0.50",
    "12.5000000",
    "0.1",
    "1234567.125",
    "16777217",
    "0.30000000000000004",
    "1e3",
    "01e3",
  ),
  fc.constantFrom("NaN", "Infinity", "-Infinity", "1e400", "1E-400", ".5", "5.", "-0", "0x1F", "1_000", "", " 7 ", "seven", "--1"),
)
const instants = fc.constantFrom(
  "infinity",
  "-infinity",
  "4714-11-24 00:00:00+00 BC",
  "4714-11-23 23:59:59.999999+00 BC",
  "294276-12-31 23:59:59.999999+00",
  "294277-01-01 00:00:00+00",
  "0001-01-01 BC",
  "0001-01-01",
  "2024-02-29",
  "2023-02-29",
  "2026-03-29 02:30:00.123456+01",
  "2016-12-31 23:59:60Z",
  "epoch",
  "24:00:00",
  "2026-13-01",
  "20260102",
  "2026-01-02T03:04:05.678901Z",
  "5874897-12-31",
  "5874898-01-01",
  "NaN",
  "",
  "12/13/2026",
  "13/12/2026",
  "tomorrow!",
)
const uuids = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => `{${id.toUpperCase()}}`),
  fc.constantFrom("0-0", "a0eebc999c0b4ef8bb6d6bb9bd380a11", ""),
)

/** The value of a number's text, as a whole number and a power of ten. */
function exact(text: string): string | undefined {
  const [, sign, whole = "", fraction = "", power = "0"] = /^\s*([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?\s*$/i.exec(text) ?? []
  if (sign === undefined || whole + fraction === "") return undefined
  const digits = BigInt(whole + fraction).toString()
  const significant = digits.replace(/0+$/, "")
  const at = Number(power) - fraction.length + digits.length - significant.length
  return significant === "" ? "0" : `${sign === "-" ? "-" : ""}${significant}e${at}`
}

/** Whether the column would keep another value than the text says. */
function isAltered(type: string, text: string, stored: string): boolean {
  // Only PostgreSQL knows what another text means.
  if (/^date|^timestamp/.test(type) && !/^\s*(?:-?infinity|\d{4,}-|\d{8}\s*$)/.test(text)) return true
  if (type === "date") return /[1-9]/.test(/\d+:\d+(?::\d+(?:\.\d+)?)?/.exec(text)?.[0] ?? "")
  if (type === "timestamp(3)") return /\.\d{3}\d*[1-9]/.test(text)
  if (type.startsWith("varchar") || type === "label") return text !== stored
  // A real shows fewer digits than it holds.
  const number = Number(text)
  if (type === "real" && Math.fround(number) === number && exact(String(number)) === exact(text) && !/^\s*(\+|-?0\d)/.test(text))
    return false
  if (!/^(numeric|bigint|double|real)/.test(type)) return false
  return /^\s*(\+|-?0[\dx])|_/i.test(text) || exact(text) !== exact(stored)
}

describe("a text has the same effect as in an INSERT, for any type, or its row is refused for the same reason", () => {
  test.each<[string, fc.Arbitrary<string>]>([
    ["numeric", numericText],
    ["numeric(20,4)", numericText],
    ["bigint", numericText],
    ["double precision", numericText],
    ["real", numericText],
    ["timestamptz", instants],
    ["timestamp(3)", instants],
    ["date", instants],
    ["time", fc.constantFrom("00:00", "24:00:00", "23:59:59.999999", "23:59:60", "25:00", "4:05 PM", "")],
    ["interval", fc.constantFrom("1 year -2 days", "PT1H30M", "-00:00:01.5", "1 fortnight", "178000001 years", "")],
    ["boolean", fc.constantFrom("true", "t", "yes", "on", "1", "FALSE", "off", "0", "2", "", "\\N")],
    ["uuid", uuids],
    ["mood", fc.constantFrom("calm", "it's", "a,b", "\\N", 'quo"te', "Ünï", "angry", "")],
    ["positive", fc.constantFrom("1", "2147483647", "2147483648", "0", "-1", "one")],
    ["label", fc.constantFrom("a", "12345678", "123456789", "12345678  ", "", "\\.")],
    ["varchar(4)", fc.constantFrom("a", "abcd", "abcd ", "ab  ", "ab    ", "äöüß ", "abcde", "ab\t  ", "      ", "")],
    ["char(4)", fc.constantFrom("a", "abcd", "abcde", "ab  ", "")],
    ["bytea", fc.constantFrom("\\x00ff", "\\x0", "abc", "\\000", "\\\\", "")],
    ["text[]", fc.constantFrom("{}", '{a,"b,c",NULL,"NULL"}', "{{1,2},{3,4}}", "{{1},{2,3}}", '{"\\"","\\\\"}', "[0:1]={1,2}", "{", "")],
    ["int4range", fc.constantFrom("[1,5)", "(1,5]", "empty", "[5,1)", "(,)", "")],
    ["inet", fc.constantFrom("10.0.0.1/24", "::1", "256.1.1.1", "")],
    ["json", fc.constantFrom("plain", "{}", "[1", '"quoted"', "")],
  ])("%s", async (type, text) => {
    await fc.assert(
      fc.asyncProperty(many(text), async (texts) => {
        // For a json column, a text is a JSON string, not serialized JSON.
        const stored = await inserted(type, type === "json" ? texts.map((each) => JSON.stringify(each)) : texts)
        const expected = texts.map((text, at) => {
          const found = String(stored[at])
          return !found.startsWith("refused") && isAltered(type, text, found) ? "altered" : found
        })
        for (const layout of type === "json" ? [asValues] : [asValues, asBytes, asDictionary]) {
          const kept = (await loaded(type, texts, layout)).map((text, at) => {
            if (text !== null && ["refused: altered", "refused: time_of_day", "refused: not_whole"].includes(text))
              return expected[at]?.startsWith("refused") ? expected[at] : "altered"
            return text
          })
          expect(kept).toEqual(expected)
        }
      }),
      { numRuns: 2 },
    )
  })
})

describe("a value of the program arrives exactly", () => {
  test("a double", async () => {
    await fc.assert(
      fc.asyncProperty(many(fc.double()), async (numbers) => {
        expect((await loaded("double precision", numbers, asValues)).map(Number)).toEqual(
          numbers.map((each) => (Object.is(each, -0) ? -0 : each)),
        )
        const exact = (await loaded("numeric", numbers, asValues)).map(Number)
        expect(exact).toEqual(numbers.map((each) => (Object.is(each, -0) ? 0 : each)))
      }),
      runs,
    )
  })

  test("a whole number, within the bounds of its type", async () => {
    const whole = fc.oneof(
      fc.maxSafeInteger(),
      fc.constantFrom(2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53, -(2 ** 63), 1e21, 1.5),
    )
    await fc.assert(
      fc.asyncProperty(many(whole), async (numbers) => {
        const limits = { integer: 2 ** 31, bigint: 2 ** 63 }
        for (const [type, limit] of Object.entries(limits)) {
          const expected = numbers.map((each) =>
            !Number.isInteger(each)
              ? "refused: not_whole"
              : each >= limit || each < -limit
                ? "refused: out_of_range"
                : BigInt(each).toString(),
          )
          expect(await loaded(type, numbers, asValues)).toEqual(expected)
        }
      }),
      runs,
    )
  })

  test("an instant, from the first that PostgreSQL has to the last of JavaScript", async () => {
    const first = Date.UTC(-4713, 10, 24)
    const some = fc.oneof(
      fc.date({ noInvalidDate: true }),
      fc.constantFrom(first, first - 1, -62135596800000, -62167219200000, 8.64e15).map((ms) => new Date(ms)),
    )
    await fc.assert(
      fc.asyncProperty(many(some), async (dates) => {
        await loaded("timestamptz", dates, asValues)
        const { rows } = await pool.query("SELECT n, (extract(epoch FROM v) * 1000)::bigint::text AS ms FROM subject ORDER BY n")
        const expected = dates.flatMap((date, n) => (date.getTime() < first ? [] : [{ n, ms: String(date.getTime()) }]))
        expect(rows).toEqual(expected)
      }),
      runs,
    )
  })

  test("the microseconds of an instant, centuries from now and before", async () => {
    const instants = fc.tuple(fc.integer({ min: -8_796_093_022_207, max: 8_796_093_022_207 }), fc.integer({ min: 0, max: 999 }))
    await fc.assert(
      fc.asyncProperty(many(instants), async (parts) => {
        await loaded(
          "timestamptz",
          parts.map(([ms, micros]) => toDate(ms + micros / 1000)),
          asValues,
        )
        const { rows } = await pool.query("SELECT n, (extract(epoch FROM v) * 1000000)::bigint::text AS micros FROM subject ORDER BY n")
        expect(rows).toEqual(parts.map(([ms, micros], n) => ({ n, micros: String(BigInt(ms) * 1000n + BigInt(micros)) })))
      }),
      { ...runs, examples: [[[[4_398_046_511_104, 21]]]] },
    )
  })

  test("a day in a column of dates, and a time of day is never cut off", async () => {
    const days = fc.integer({ min: -2_440_000, max: 100_000_000 }).map((day) => new Date(day * 86_400_000))
    await fc.assert(
      fc.asyncProperty(many(fc.oneof(days, fc.date({ noInvalidDate: true }))), async (dates) => {
        await loaded("date", dates, asValues)
        const { rows } = await pool.query("SELECT n, v - date '1970-01-01' AS day FROM subject ORDER BY n")
        const expected = dates.flatMap((date, n) => {
          const day = date.getTime() / 86_400_000
          return Number.isInteger(day) && day >= -2_440_588 ? [{ n, day }] : []
        })
        expect(rows).toEqual(expected)
      }),
      runs,
    )
  })

  test("JSON of any depth, or its row is refused if jsonb cannot hold a character of it", async () => {
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value))
    await fc.assert(
      fc.asyncProperty(many(fc.jsonValue({ stringUnit: "binary" }).filter((value) => value !== null)), async (values) => {
        const boxed = values.map((value) => [value])
        expect((await loaded("json", boxed, asValues)).map((text) => JSON.parse(String(text)))).toEqual(plain(boxed))
        const stored = await loaded("jsonb", boxed, asValues)
        stored.forEach((text, at) => {
          if (text?.startsWith("refused")) expect(JSON.stringify(boxed[at])).toMatch(/\\u0000/)
          else expect(JSON.parse(String(text))).toEqual(plain(boxed[at]))
        })
      }),
      runs,
    )
  })

  test("arrays, nested and with nulls", async () => {
    const matrix = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([rows, columns]) => {
      const cell = fc.option(soundText, { nil: null })
      return fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows })
    })
    await fc.assert(
      fc.asyncProperty(many(matrix), async (arrays) => {
        await loaded("text[]", arrays, asValues)
        const { rows } = await pool.query("SELECT to_json(v) AS v FROM subject ORDER BY n")
        expect(rows.map(({ v }) => v)).toEqual(arrays)
      }),
      runs,
    )
  })

  test("bytes", async () => {
    await fc.assert(
      fc.asyncProperty(many(fc.uint8Array({ maxLength: 40 })), async (all) => {
        expect(await loaded("bytea", all, asValues)).toEqual(all.map((each) => `\\x${Buffer.from(each).toString("hex")}`))
      }),
      runs,
    )
  })
})

describe("columns that the table fills by itself", () => {
  const batch = (rows: readonly { readonly [column: string]: unknown }[]) => {
    const names = Object.keys(rows[0] ?? {})
    const columns = names.map((name) => columnOf(rows.map((row) => row[name])))
    const table = { name: "rows", header: names }
    return TableBatch.of<object>({
      length: rows.length,
      table,
      names,
      columns,
      origins: { at: (row) => ({ uri: "memory:rows", row: row + 1 }) },
    })
  }

  test("are filled if rows lack them, and identity columns take the values of rows that have them", async () => {
    await pool.query(`DROP TABLE IF EXISTS filled; CREATE TABLE filled (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int, twice int GENERATED ALWAYS AS (v * 2) STORED, made text DEFAULT 'here')`)
    await deliver(postgres({ pool, table: "filled" }), [batch([{ v: 1 }, { v: 2 }])], { content: "without" })
    await deliver(postgres({ pool, table: "filled" }), [batch([{ id: 77, v: 3 }])], { content: "with" })
    expect((await pool.query("SELECT id::int, v, twice, made FROM filled ORDER BY id")).rows).toEqual([
      { id: 1, v: 1, twice: 2, made: "here" },
      { id: 2, v: 2, twice: 4, made: "here" },
      { id: 77, v: 3, twice: 6, made: "here" },
    ])
  })

  test("must not be in the rows: a generated column stops the load before its first row", async () => {
    await pool.query("DROP TABLE IF EXISTS filled; CREATE TABLE filled (v int, twice int GENERATED ALWAYS AS (v * 2) STORED)")
    const running = deliver(postgres({ pool, table: "filled" }), [batch([{ v: 1, twice: 3 }])], { content: "generated" })
    await expect(running).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH", message: expect.stringContaining("twice") })
  })
})
