import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS from "exceljs"
import { afterAll, beforeAll, expect, test } from "vitest"
import { correctionWorkbook, type StoredReject } from "../../src/report.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-limits-"))
})
afterAll(() => rm(folder, { recursive: true }))

const rejects = (names: readonly string[], rows: number, value: unknown = "x") =>
  Object.assign(
    (async function* (): AsyncGenerator<StoredReject> {
      const raw = Object.fromEntries(names.map((name) => [name, value])) as StoredReject["raw"]
      const issue = { code: "bad", message: "It is bad.", rule: "r", dimension: "validity", severity: "error", column: names[0] } as never
      for (let number = 1; number <= rows; number++)
        yield { delivery: "d", number, raw, origin: { uri: "a.csv", row: number }, issues: [issue] }
    })(),
    { columns: async () => names },
  )

test("a correction workbook has at most 20,000 notes, and the reasons of every row", async () => {
  const out = join(folder, "many.xlsx")
  expect(await correctionWorkbook(out, rejects(["a"], 20_001))).toBe(20_001)
  const many = new ExcelJS.Workbook()
  await many.xlsx.readFile(out)
  const [last, before] = [20_002, 20_001].map((row) => many.worksheets[0]?.getRow(row))
  expect(before?.getCell(2).note).toBe("It is bad.")
  expect(last?.getCell(2).note).toBeUndefined()
  expect(last?.getCell(2).fill).toMatchObject({ fgColor: { argb: "FFFFC7CE" } })
  expect(last?.getCell(6).value).toBe("a: It is bad.")
})

test("a correction workbook is refused beyond the columns and the cells of its limits, and leaves no file", async () => {
  const wide = Array.from({ length: 16_379 }, (_, at) => `c${at}`)
  await expect(correctionWorkbook(join(folder, "wide.xlsx"), rejects(wide, 1))).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: "The workbook has 16385 columns; the limit is 16384.",
  })
  await expect(correctionWorkbook(join(folder, "long.xlsx"), rejects(wide.slice(0, 16_000), 320, null))).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringContaining("cells or more; the limit is 5000000"),
  })
  expect((await readdir(folder)).filter((name) => name !== "many.xlsx")).toEqual([])
})
