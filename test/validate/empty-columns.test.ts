import { describe, expect, test } from "vitest"
import { z } from "zod"
import { xlsx } from "../../src/parsers/xlsx/xlsx.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { memory } from "../../src/sinks/memory.ts"
import { bytes } from "../../src/sources/bytes.ts"
import { workbookBytes } from "../parsers/xlsx/workbook-bytes.ts"

const text = (place: string, value: string) => `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`
const header = `<row r="1">${text("A1", "id")}${text("B1", "note")}</row>`
const rows = (count: number) => Array.from({ length: count }, (_, at) => `<row r="${at + 2}"><c r="A${at + 2}"><v>${at}</v></c></row>`)

describe("a column of a workbook with a header and no values", () => {
  test("is not missing: its rows are rejected if it is required", async () => {
    const pipeline = createPipeline({ name: "notes" })
      .from(bytes(workbookBytes({ rows: header + rows(2).join("") })))
      .validate(z.object({ id: z.int(), note: z.string() }))
    const found: unknown[] = []
    for await (const batch of pipeline.batches()) for (const { row, issue } of batch.issues) found.push([row, issue.code, issue.column])
    expect(found).toEqual([
      [0, "required", "note"],
      [1, "required", "note"],
    ])
  })

  test("may have its first value after many batches, and no notice calls it missing", async () => {
    const last = `<row r="42"><c r="A42"><v>40</v></c>${text("B42", "late")}</row>`
    const sink = memory<{ readonly id: number; readonly note?: string | undefined }>()
    const { deliveries } = await createPipeline({ name: "notes", batchRows: 8 })
      .from(bytes(workbookBytes({ rows: header + rows(40).join("") + last })))
      .parse(xlsx())
      .validate(z.object({ id: z.int(), note: z.string().optional() }))
      .into(sink)
      .run()
    expect(sink.rows).toHaveLength(41)
    expect(sink.rows.at(-1)).toEqual({ id: 40, note: "late" })
    expect(deliveries[0]?.notices.map(({ code }) => code)).not.toContain("column.missing")
  })
})
