import { describe, expect, test } from "vitest"
import { declarationOf } from "../../src/contract/rule.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { toBatches } from "../../src/model/to-batches.ts"
import { date } from "../../src/normalize/date.ts"
import { decimal } from "../../src/normalize/decimal.ts"
import { integer } from "../../src/normalize/integer.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import { required } from "../../src/normalize/required.ts"
import { text } from "../../src/normalize/text.ts"
import { withNulls } from "../../src/normalize/with-nulls.ts"
import { bytesColumn, cellsOf } from "../model/layouts.ts"
import { runStage, stageContext, tableOf } from "../run-stage.ts"

const table = () =>
  tableOf({
    "Order No.": bytesColumn(["1", "x", " ", "4"]),
    E_MAIL: bytesColumn(["a@x", "N/A", null, "-"]),
    extra: bytesColumn(["", "2", "n/a", "N/A "]),
  })

describe("normalize", () => {
  test("finds columns by alias, or by name without case and punctuation, and keeps the others", async () => {
    const stage = normalize({ headers: { orderId: ["No", "Order No."] }, columns: { orderId: integer(), eMail: text() } })
    const [batch] = await runStage(stage, [table()])
    expect(batch?.names).toEqual(["orderId", "eMail", "extra"])
    expect(batch && cellsOf(batch.columns.orderId)).toEqual([1, null, null, 4])
    expect(batch?.raw(1)).toEqual({ "Order No.": "x", E_MAIL: "N/A", extra: "2" })
  })

  test("makes blank and listed texts null in every column of the file, even in columns that it only names", async () => {
    const [batch] = await runStage(normalize({ headers: { mail: "E_MAIL" }, nulls: ["N/A", "-"] }), [table()])
    expect(batch && cellsOf(batch.columns.mail)).toEqual(["a@x", null, null, null])
    expect(batch?.rows.at(0)).toEqual({ "Order No.": "1", mail: "a@x", extra: null })
    expect(batch?.rows.at(3)).toEqual({ "Order No.": "4", mail: null, extra: null })
  })

  test("reads a column that the file lacks as null", async () => {
    const [batch] = await runStage(normalize({ columns: { extra: text(), note: text() } }), [table()])
    expect(batch && cellsOf(batch.columns.note)).toEqual([null, null, null, null])
    expect(batch?.issues.size).toBe(0)
  })

  test("stops if a required column is missing, and lists the existing columns", async () => {
    const stage = normalize({ headers: { amount: ["Total", "Sum"] }, columns: { amount: required(decimal()) } })
    await expect(runStage(stage, [table()])).rejects.toMatchObject({
      code: "COLUMN_MISSING",
      message: 'The table "table" has no column "amount", "Total", "Sum".',
      remedy: expect.stringContaining(
        'Map one of its columns with normalize({ headers: { amount: ... } }): "Order No.", "E_MAIL", "extra".',
      ),
      origin: { table: "table", column: "amount" },
    })
  })

  test("gives a row with several bad cells all its reasons, each with its column, rule and dimension", async () => {
    const stage = normalize({ headers: { orderId: "Order No." }, columns: { orderId: required(integer()), extra: required(date()) } })
    const [batch] = await runStage(stage, [table()])
    expect(batch?.issues.of(1)).toEqual([
      {
        code: "number.unreadable",
        message: '"x" is not a number.',
        rule: "read.orderId",
        dimension: "validity",
        column: "orderId",
        severity: "error",
        confidence: 1,
      },
      {
        code: "date.unreadable",
        message: '"2" is not a date.',
        rule: "read.extra",
        dimension: "validity",
        column: "extra",
        severity: "error",
        confidence: 1,
      },
    ])
    expect(batch?.issues.of(2).map(({ code, dimension, column }) => [code, dimension, column])).toEqual([
      ["required", "completeness", "orderId"],
      ["date.unreadable", "validity", "extra"],
    ])
    expect([...(batch?.selection ?? [])]).toEqual([])
  })

  test("suggests the locale in which a text would be a number", async () => {
    const cells = { a: bytesColumn(["1.234,5", "1,234.5"]) }
    const [batch] = await runStage(normalize({ columns: { a: decimal() } }), [tableOf(cells)])
    const [numbers] = await runStage(normalize({ columns: { a: integer() } }), [tableOf(cells)])
    expect(batch?.issues.size).toBe(2)
    expect([...(numbers?.issues ?? [])].map(({ issue }) => issue.suggestion)).toEqual([
      'Declare the locale, as in cell.number({ locale: "de" }).',
      'Declare the locale, as in cell.number({ locale: "en" }).',
    ])
  })

  test("suggests the notation of an amount, and the format of a date that only a format reads", async () => {
    const amounts = ["1.234,50 €", "(33.52)", "12 %", "$5"]
    const dates = ["29-Aug-26", "25/12/19", "12/25/19", "3 août 2024"]
    const cells = { amount: bytesColumn(amounts), day: bytesColumn(dates) }
    const [batch] = await runStage(normalize({ columns: { amount: decimal(), day: date() } }), [tableOf(cells)])
    const suggested = (column: string) =>
      [...(batch?.issues ?? [])].flatMap(({ issue }) => (issue.column === column ? [issue.suggestion] : []))
    expect(suggested("amount")).toEqual([
      'Declare the notation, as in cell.decimal({ locale: "de", currency: "€" }).',
      "Declare the notation, as in cell.decimal({ accounting: true }).",
      "Declare the notation, as in cell.decimal({ percent: true }).",
      'Declare the notation, as in cell.decimal({ currency: "$" }).',
    ])
    expect(suggested("day")).toEqual([
      'Declare the format, as in cell.date(["d-MMM-yy"]).',
      'Declare the format, as in cell.date(["d/M/yy"]).',
      'Declare the format, as in cell.date(["M/d/yy"]).',
      'Declare the format, as in cell.date(["d MMMM yyyy"], { locale: "fr" }).',
    ])
  })

  test("suggests what a number counts that could be an instant", async () => {
    const cells = { at: bytesColumn(["1470148959542", "1470148959", "45000"]) }
    const [batch] = await runStage(normalize({ columns: { at: date() } }), [tableOf(cells)])
    expect([...(batch?.issues ?? [])].map(({ issue }) => issue.suggestion)).toEqual([
      'If it counts the milliseconds since 1970, declare cell.epoch("milliseconds").',
      'If it counts the seconds since 1970, declare cell.epoch("seconds").',
      undefined,
    ])
  })

  test("reads the null texts of a column as null only there, and counts each as a warning that costs nothing", async () => {
    const cells = { uid: bytesColumn(["-1", "523", " N/A "]), temp: bytesColumn(["-1", "5", "6"]) }
    const columns = { uid: withNulls(integer(), ["-1", "N/A"]), temp: integer() }
    const [batch] = await runStage(normalize({ columns }), [tableOf(cells)])
    expect(batch && cellsOf(batch.columns.uid)).toEqual([null, 523, null])
    expect(batch && cellsOf(batch.columns.temp)).toEqual([-1, 5, 6])
    expect([...(batch?.selection ?? [])]).toEqual([0, 1, 2])
    expect(batch?.issues.of(0)).toEqual([
      expect.objectContaining({
        code: "cell.null",
        message: '"-1" is read as no value.',
        column: "uid",
        severity: "warning",
        confidence: 0,
      }),
    ])
  })

  test("reads null texts before it asks for a value", async () => {
    const columns = { uid: required(withNulls(integer(), ["N/A"])) }
    const [batch] = await runStage(normalize({ columns }), [tableOf({ uid: bytesColumn(["N/A", "5"]) })])
    expect(batch?.issues.of(0).map(({ code }) => code)).toEqual(["cell.null", "required"])
    expect([...(batch?.selection ?? [])]).toEqual([1])
  })

  test("matches headers once per table and stores them in the plan", async () => {
    const context = stageContext()
    await runStage(normalize({ columns: { orderNo: text(), note: text() } }), [table()], context)
    expect(JSON.parse(JSON.stringify(context.plan))).toEqual({
      headers: {
        table: [
          ["orderNo", "Order No."],
          ["note", null],
        ],
      },
    })
  })

  test("keeps what the plan contains, so that all parts of a file are read in the same way", async () => {
    const context = stageContext()
    context.plan?.bindHeaders("table", [["mail", "extra"]])
    const [batch] = await runStage(normalize({ headers: { mail: "E_MAIL" } }), [table()], context)
    expect(batch && cellsOf(batch.columns.mail)).toEqual([null, "2", "n/a", "N/A "])
  })

  test("loses no column that appears only in a later batch", async () => {
    const rows = [{ id: 1 }, { id: 2, Note: "late" }, { id: 3, Note: "too" }]
    const batches = []
    for await (const batch of toBatches<{ readonly id: number }>(rows, { batchRows: 1 })) batches.push(batch)
    const made = await runStage(normalize({ columns: { note: text() } }), batches)
    expect(made.flatMap((batch) => [...batch.rows])).toMatchObject([{ note: null }, { note: "late" }, { note: "too" }])
  })

  test("matches each table of a file by its own header", async () => {
    const other = tableOf({ "order-no": bytesColumn(["9"]) }, "other")
    const made = await runStage(normalize({ columns: { orderNo: integer() } }), [table(), other])
    expect(made.map((batch) => batch.columns.orderNo.at(0))).toEqual([1, 9])
  })

  test("declares its rules and columns before it reads a value", () => {
    const stage = normalize({ headers: { plain: "P" }, columns: { id: required(integer()), amount: decimal({ precision: 9, scale: 2 }) } })
    expect(declarationOf(stage)?.rules).toEqual([
      { name: "required.id", dimension: "completeness", columns: ["id"] },
      { name: "read.id", dimension: "validity", columns: ["id"], parameters: { kind: "integer", reads: "integer" } },
      {
        name: "read.amount",
        dimension: "validity",
        columns: ["amount"],
        parameters: { kind: "decimal", precision: 9, scale: 2, reads: "decimal" },
      },
    ])
    expect(declarationOf(stage)?.columns([{ name: "amount", kind: "text", nullable: false }])).toEqual([
      { name: "amount", nullable: true, kind: "decimal", precision: 9, scale: 2 },
      { name: "plain", nullable: true, kind: "text" },
      { name: "id", nullable: false, kind: "integer" },
    ])
  })

  test("does not change cells that are already values", async () => {
    const at = new Date("2025-01-01")
    const [batch] = await runStage(normalize({ columns: { on: date() } }), [tableOf({ on: columnOf([at, null]) })])
    expect(batch && cellsOf(batch.columns.on)).toEqual([at, null])
  })
})
