import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, cell, createPipeline, csv, memory, type Parser, type Reject } from "../../src/index.ts"
import { xlsx } from "../../src/xlsx.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

const lines = ["id,name", "1,a", "2,b", "", "code,town,zip", "x,Bonn,53111", "y,Ulm,89073", ""]
const rowOf = (line: string, at: number) =>
  `<row r="${at + 1}">${line
    .split(",")
    .map((text, column) => (text === "" ? "" : `<c r="${"ABC"[column]}${at + 1}" t="inlineStr"><is><t>${text}</t></is></c>`))
    .join("")}</row>`
const formats: {
  readonly [format: string]: readonly [name: string, body: string | Uint8Array, parser: (tables: "first" | "all") => Parser]
} = {
  csv: ["places", lines.join("\n"), (tables) => csv({ tables })],
  xlsx: ["places", workbookBytes({ sheets: [{ name: "places", rows: lines.map(rowOf).join("") }] }), (tables) => xlsx({ tables })],
}

describe.each(Object.keys(formats))("tables below each other in a %s", (format) => {
  const [name, body, parser] = formats[format] ?? ["", "", csv]
  const start = (tables: "first" | "all" = "all") =>
    createPipeline({ name: "places", budget: { share: 1 } })
      .from(bytes(body, { name }))
      .parse(parser(tables))

  test("are in one delivery with names of their own, and the report lists them", async () => {
    const { deliveries } = await start().into(memory<unknown>()).run()
    const [report] = deliveries
    expect([report?.read, report?.loaded, report?.skippedAbove]).toEqual([4, 4, undefined])
    expect(report?.notices.filter(({ code }) => code === "table.several")).toEqual([
      { code: "table.several", message: 'The delivery has the rows of 2 tables: "places", "places (2)". Their headers differ.' },
    ])
    expect(Object.keys(report?.plan["dialects"] ?? {})).toEqual(["places", "places (2)"])
  })

  test("are counted as skipped if only the first is read, and nothing says that there are several", async () => {
    const { deliveries } = await start("first").into(memory<unknown>()).run()
    expect(deliveries[0]).toMatchObject({ read: 2, loaded: 2, skippedAbove: 3 })
    expect(deliveries[0]?.notices.map(({ code }) => code)).toEqual(["table.second"])
  })

  test("find their columns apart, and rejects name their table and row", async () => {
    const target = memory<unknown>()
    const rejects = memory<Reject>()
    const Place = z.object({ id: z.string().optional(), town: z.enum(["Bonn"]).optional() })
    const { deliveries } = await start().validate(Place).into(target).rejectsInto(rejects).run()
    expect(target.rows).toEqual([{ id: "1" }, { id: "2" }, { town: "Bonn" }])
    expect(rejects.rows).toMatchObject([
      { origin: { table: "places (2)", row: format === "csv" ? 6 : 7 }, raw: { code: "y", town: "Ulm", zip: "89073" } },
    ])
    expect(deliveries[0]?.notices.filter(({ code }) => code === "column.missing").map(({ column }) => column)).toEqual(["town", "id"])
  })

  test("are all read, even if the pipeline expects the names of the last one", async () => {
    const Place = z.object({ code: z.string().optional(), town: z.string().optional(), zip: z.string().optional() })
    const read = async (tables: "first" | "all") => {
      const target = memory<unknown>()
      const { deliveries } = await start(tables).validate(Place).into(target).run()
      return [target.rows.length, deliveries[0]?.skippedAbove]
    }
    expect(await read("all")).toEqual([4, undefined])
    // If only one is read, it is the expected one.
    expect(await read("first")).toEqual([2, 3])
  })

  test("stop the delivery if one of them lacks a required column or has one that is not expected", async () => {
    const required = start().validate(z.object({ id: z.string() }))
    await expect(required.into(memory<unknown>()).run()).rejects.toMatchObject({ code: "COLUMN_MISSING", origin: { table: "places (2)" } })
    const frozen = start().normalize({ unexpected: "freeze", columns: { id: cell.text(), name: cell.text() } })
    await expect(frozen.into(memory<unknown>()).run()).rejects.toMatchObject({ code: "COLUMN_UNEXPECTED", origin: { table: "places (2)" } })
    const discarded = start().normalize({ unexpected: "discardColumn", columns: { id: cell.text(), town: cell.text() } })
    const { deliveries } = await discarded.into(memory<unknown>()).run()
    expect(deliveries[0]?.notices.filter(({ code }) => code === "column.discarded").map(({ column }) => column)).toEqual([
      "name",
      "code",
      "zip",
    ])
  })
})
