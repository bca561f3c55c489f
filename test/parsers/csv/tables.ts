import fc from "fast-check"
import type { Rendering } from "./render.ts"

/** A header and the rows below it. */
export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const words = fc.constantFrom(
  ..."able lamp chair wooden green soft table oak nice lovely broken very river street house über naïve café Zürich".split(" "),
)
const phrase = (most: number) => fc.array(words, { minLength: 1, maxLength: most }).map((all) => all.join(" "))
const digits = (from: number, to: number, length: number) =>
  fc.integer({ min: from, max: to }).map((number) => String(number).padStart(length, "0"))
const cents = fc.integer({ min: 0, max: 99_999 }).map((number) => (number / 100).toFixed(2))

/** Columns as in real files: a name and its fields. */
const columns: readonly (readonly [name: string, field: fc.Arbitrary<string>])[] = [
  ["id", digits(1, 99_999, 5)],
  ["qty", fc.integer({ min: 0, max: 500 }).map(String)],
  ["price", cents],
  ["betrag", cents.map((number) => number.replace(".", ","))],
  ["date", fc.tuple(digits(2010, 2024, 4), digits(1, 12, 2), digits(1, 28, 2)).map((parts) => parts.join("-"))],
  ["day", fc.tuple(digits(1, 28, 2), digits(1, 12, 2), digits(2010, 2024, 4)).map((parts) => parts.join("."))],
  ["time", fc.tuple(digits(0, 23, 2), digits(0, 59, 2)).map((parts) => parts.join(":"))],
  ["name", phrase(2)],
  ["description", fc.tuple(phrase(5), fc.constantFrom("", "", ", or so", "; or so", ' "so to say"')).map((parts) => parts.join(""))],
  [
    "comment",
    fc.oneof(
      fc.constant(""),
      phrase(4),
      phrase(2).map((text) => `said "${text}"`),
      phrase(2).map((text) => `${text}\nand more`),
    ),
  ],
  ["code", fc.tuple(fc.constantFrom("AB", "XY"), digits(100, 999, 3)).map((parts) => parts.join("-"))],
  ["country", fc.constantFrom("DE", "FR", "IT", "US")],
  ["active", fc.constantFrom("true", "false")],
  ["email", digits(1, 9999, 1).map((number) => `user${number}@example.org`)],
  ["url", digits(1, 9999, 1).map((number) => `https://example.org/a?b=${number}&c=d`)],
  ["size", fc.integer({ min: 1, max: 9 }).map((number) => `${number}" wide`)],
  ["person", fc.constantFrom("O'Neil", "Smith", "D'Arc", "Li")],
]

/** Tables of values and words, as people keep them. */
export function tables(size: {
  readonly rows: readonly [least: number, most: number]
  readonly columns: readonly [least: number, most: number]
}): fc.Arbitrary<Table> {
  return fc.array(fc.constantFrom(...columns), { minLength: size.columns[0], maxLength: size.columns[1] }).chain((chosen) => {
    const header = chosen.map(([name], at) => (chosen.findIndex(([other]) => other === name) === at ? name : `${name} ${at}`))
    const row = fc.tuple(...chosen.map(([, field]) => field))
    return fc.array(row, { minLength: size.rows[0], maxLength: size.rows[1] }).map((rows) => ({ header, rows }))
  })
}

/** Ways of writing a table in which a field may contain anything. */
export const renderings: fc.Arbitrary<Rendering> = fc
  .record({
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    quote: fc.constantFrom('"', '"', "'"),
    lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
    quoting: fc.constantFrom("needed", "all", "text"),
    backslash: fc.boolean(),
  })
  .map(({ backslash, ...rest }) => ({ ...rest, escape: backslash ? "\\" : rest.quote }) as Rendering)

/** Fields of all kinds of characters, more often of those with a special meaning. */
const wildField = fc
  .array(fc.oneof(fc.constantFrom(..."\",;\t|'\\ \r\nab1é"), fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join("").toString())
  .filter((text) => !text.includes("\u0000") && Buffer.from(text).toString() === text)

/** Tables of any text. */
export const wildTables: fc.Arbitrary<Table> = fc.integer({ min: 1, max: 6 }).chain((width) =>
  fc.array(fc.array(wildField, { minLength: width, maxLength: width }), { maxLength: 12 }).map((rows) => ({
    header: Array.from({ length: width }, (_, at) => `c${at}`),
    rows,
  })),
)
