import { expect, test } from "vitest"
import { neutraliseFormulas } from "../../../src/cells/neutralise-formulas.ts"
import { numberNotationOf } from "../../../src/cells/number-notation.ts"
import { BooleanReader } from "../../../src/cells/readers/boolean-reader.ts"
import type { ColumnReader } from "../../../src/cells/readers/column-reader.ts"
import { DateReader } from "../../../src/cells/readers/date-reader.ts"
import { DecimalReader } from "../../../src/cells/readers/decimal-reader.ts"
import { NumberReader } from "../../../src/cells/readers/number-reader.ts"
import { TextReader } from "../../../src/cells/readers/text-reader.ts"
import { columnOf } from "../../../src/model/column-of.ts"
import { apparentKind } from "../../../src/parsers/header/apparent-kind.ts"
import { nameHeaders } from "../../../src/parsers/header/header-names.ts"

const miB = 1 << 20
const pumps = [
  "0",
  "9",
  " ",
  ".",
  ",",
  "-",
  "'",
  '"',
  ":",
  "a",
  "é",
  "_",
  "=",
  "1.234",
  "1,234",
  "1 ",
  "2020-01-01",
  "\u00a0",
  "\ud800",
  "(",
  "e1",
]
/** Each part repeated and followed by another character; in turns alone, after the beginning of a number, and after the beginning of a date. */
const cells = pumps.flatMap((pump, at) => {
  const body = pump.repeat(Math.floor(miB / pump.length))
  const heads = at % 2 === 0 ? ["", "1"] : ["0.", "2020-01-01 00:00:00."]
  return heads.map((head) => `${head}${body.slice(head.length)}x`).concat(body)
})
const english = numberNotationOf("en")
const german = numberNotationOf("de")

const readers: { readonly [name: string]: ColumnReader } = {
  number: new NumberReader(),
  "number of a locale": new NumberReader({ format: english }),
  decimal: new DecimalReader({ limits: { precision: 12, scale: 2 } }),
  "decimal of a locale": new DecimalReader({ format: german, limits: { precision: 12, scale: 2 } }),
  date: new DateReader(),
  "date of formats": new DateReader({ formats: ["dd/MM/yyyy", "d  MMM   yyyy H:mm a", "'am' d. MMMM yyyy"] }),
  "date of a zone": new DateReader({ zone: "Europe/Berlin" }),
  boolean: new BooleanReader(),
  text: new TextReader({ trim: true }),
}

test.each(Object.keys(readers))("a %s reader refuses every cell of a mebibyte quickly, and quotes none in full", (name) => {
  for (const cell of cells) {
    let longest = 0
    const ms = timeOf(() => {
      readers[name]?.read(columnOf([cell]), (_row, _code, message) => {
        longest = Math.max(longest, message.length)
      })
    })
    expect(`${JSON.stringify(cell.slice(0, 30))} takes ${ms < 100 ? "no time" : `${ms} ms`}`).toContain("no time")
    expect(longest).toBeLessThan(800)
  }
})

test("the detection of headers and of kinds of cells is just as quick", () => {
  for (const cell of cells) {
    const ms = timeOf(() => {
      apparentKind(cell)
      neutraliseFormulas(cell)
      nameHeaders([cell, cell])
    })
    expect(`${JSON.stringify(cell.slice(0, 30))} takes ${ms < 100 ? "no time" : `${ms} ms`}`).toContain("no time")
  }
})

/** The shorter of two measurements, because the machine does other things too. */
function timeOf(work: () => void): number {
  const times = [0, 1].map(() => {
    const begun = performance.now()
    work()
    return performance.now() - begun
  })
  return Math.min(...times)
}
