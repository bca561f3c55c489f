import { expect, test } from "vitest"
import { cell } from "../../src/index.ts"
import { CellError } from "../../src/model/cell-error.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import type { Normalizer } from "../../src/normalize/normalizer.ts"
import { runStage, tableOf } from "../run-stage.ts"

test.each<readonly [string, unknown, Normalizer<unknown>, string, string | undefined]>([
  [
    "a word for true",
    "Ja",
    cell.boolean(),
    "boolean.unreadable",
    'Declare the words, as in cell.boolean({ true: ["ja"], false: ["nein"] }).',
  ],
  ["another word", "maybe", cell.boolean(), "boolean.unreadable", undefined],
  ["a fraction", "1.5", cell.integer(), "integer.fraction", "Read the column with cell.number() or cell.decimal()."],
  [
    "too many decimals",
    "1.125",
    cell.decimal({ scale: 2 }),
    "decimal.scale",
    "If the column may have them, declare a larger scale, such as 3.",
  ],
  [
    "too many digits",
    "1000",
    cell.decimal({ precision: 3 }),
    "decimal.precision",
    "If the column may have them, declare a larger precision.",
  ],
  ["a date in a column of counts", "2025-06-30", cell.epoch("seconds"), "epoch.unreadable", "Read the column with cell.date()."],
  [
    "N/A in a column of numbers",
    " N/A ",
    cell.number(),
    "number.unreadable",
    'If "N/A" means no value, list it, as in normalize({ nulls: ["N/A"] }).',
  ],
  ["a dash in a list", "-", cell.oneOf("a"), "list.unknown", 'If "-" means no value, list it, as in normalize({ nulls: ["-"] }).'],
  [
    "an error in a column of text",
    new CellError("#DIV/0!"),
    cell.text(),
    "cell.error",
    'If "#DIV/0!" means no value, list it, as in normalize({ nulls: ["#DIV/0!"] }).',
  ],
  ["a word in a column of numbers", "many", cell.number(), "number.unreadable", undefined],
])("%s is an issue with the suggestion that helps", async (_what, given, normalizer, code, suggestion) => {
  const column = columnOf([given])
  const [batch] = await runStage(normalize({ columns: { cell: normalizer } }), [tableOf({ cell: column })])
  const [issue] = batch?.issues.of(0) ?? []
  expect([issue?.code, issue?.suggestion]).toEqual([code, suggestion])
})
