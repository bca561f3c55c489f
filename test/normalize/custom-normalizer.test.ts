import { describe, expect, test } from "vitest"
import { declarationOf } from "../../src/contract/rule.ts"
import type { CellValue } from "../../src/model/cell-value.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import type { Normalizer, Unreadable } from "../../src/normalize/normalizer.ts"
import { required } from "../../src/normalize/required.ts"
import { bytesColumn, cellsOf } from "../model/layouts.ts"
import { runStage, stageContext, tableOf } from "../run-stage.ts"

const cells = bytesColumn(["DE", "xx", "boom", null, "  "])

const country: Normalizer<string | null> = {
  name: "country",
  produces: "text",
  parse(cell) {
    if (cell === "boom") throw new Error("the list of countries is missing")
    return cell === "DE"
      ? "Germany"
      : { unreadable: true, message: `${String(cell)} is not a country.`, code: "country.unknown", suggestion: "Write DE." }
  },
}

/** Counts in a private field, which is accessible only as a method of the object itself. */
class Numbering implements Normalizer<number | null> {
  readonly name = "numbering"
  readonly produces = "number"
  #count = 0

  parse(cell: CellValue): number | Unreadable {
    return cell === "xx" ? { unreadable: true, message: "not counted" } : ++this.#count
  }
}

describe("a normalizer that has only parse", () => {
  test("is called for each cell that is not null; a cell that it cannot read, or that makes it throw, fails its row", async () => {
    const [batch] = await runStage(normalize({ columns: { cell: country } }), [tableOf({ cell: cells })])
    expect(batch && cellsOf(batch.columns.cell)).toEqual(["Germany", null, null, null, null])
    expect([...(batch?.issues ?? [])].map(({ row, issue }) => [row, issue.code, issue.message, issue.suggestion])).toEqual([
      [1, "country.unknown", "xx is not a country.", "Write DE."],
      [2, "country.unreadable", '"boom" made the normalizer country throw (the list of countries is missing).', undefined],
    ])
    expect([...(batch?.selection ?? [])]).toEqual([0, 3, 4])
  })

  test("may be an instance of a class with its own state, with or without required", async () => {
    for (const numbering of [new Numbering(), required(new Numbering())]) {
      const [batch] = await runStage(normalize({ columns: { cell: numbering } }), [tableOf({ cell: cells })])
      expect(batch && cellsOf(batch.columns.cell)).toEqual([1, null, 2, null, null])
      expect(batch?.issues.of(1)[0]?.code).toBe("numbering.unreadable")
    }
  })

  test("in required fails empty cells at the cost of completeness", async () => {
    const [batch] = await runStage(normalize({ columns: { cell: required(country) } }), [tableOf({ cell: cells })])
    expect([3, 4].map((row) => batch?.issues.of(row).map(({ code, rule, dimension }) => [code, rule, dimension]))).toEqual([
      [["required", "required.cell", "completeness"]],
      [["required", "required.cell", "completeness"]],
    ])
  })

  test("in required stops a file without the column", async () => {
    const stage = normalize({ columns: { nation: required(country) } })
    await expect(runStage(stage, [tableOf({ cell: cells })])).rejects.toMatchObject({ code: "COLUMN_MISSING" })
  })

  test("makes a column of the kind in its produces", () => {
    const columns = { a: country, b: new Numbering(), c: required(new Numbering()) }
    expect(declarationOf(normalize({ columns }))?.columns([])).toEqual([
      { name: "a", kind: "text", nullable: true },
      { name: "b", kind: "number", nullable: true },
      { name: "c", kind: "number", nullable: false },
    ])
  })

  test("gets the context of the run", async () => {
    const context = stageContext({ asOf: new Date("2030-01-01") })
    const asked: Normalizer<Date> = { name: "asked", produces: "date", parse: (_cell, { asOf }) => asOf }
    const [batch] = await runStage(normalize({ columns: { cell: asked } }), [tableOf({ cell: cells })], context)
    expect(batch?.columns.cell.at(0)).toEqual(new Date("2030-01-01"))
  })
})
