import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS from "exceljs"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { CellError, cell, createPipeline, Duration, file, type Row, TimeOfDay } from "../../src/index.ts"
import { migrate, postgres, rejectsCsv, rejectsNdjson, storedRejects } from "../../src/postgres.ts"
import { correctionWorkbook } from "../../src/report.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"

let database: PostgresDatabase
let pool: pg.Pool
let folder: string
beforeAll(async () => {
  database = await postgresDatabase()
  pool = new pg.Pool({ connectionString: database.url })
  await migrate(pool)
  await pool.query(`CREATE TABLE entry ("Order No." text, amount text, note text, "2024" text, due date)`)
  folder = await mkdtemp(join(tmpdir(), "rowgate-rejects-"))
})
afterAll(async () => {
  await pool.end()
  await database.drop()
  await rm(folder, { recursive: true })
})

const Entry = z.object({ "Order No.": z.string(), amount: z.string(), note: z.string().nullable(), "2024": z.string(), due: z.date() })
/** Rejects every row whose amount does not end in "!", also if that is all of them. The other cells hold what exports tend to spoil. */
const pipeline = (path: string) =>
  createPipeline({ name: "entries", budget: { share: 1 } })
    .from(file(path))
    .normalize({ columns: { due: cell.date(["dd.MM.yyyy"]) } })
    .validate(Entry)
    .check(({ amount }) => (amount.endsWith("!") ? undefined : { code: "amount.calm", message: "amount must be loud", column: "amount" }))
    .into(postgres({ pool, table: "entry" }))

const lines = [
  "Order No.,amount,note,2024,due",
  "007,1,=HYPERLINK(1),a,31.12.2024",
  `008,-2,'=x,"two\nlines, ""quoted""",01.01.2025`,
  "009,3,_x0041_ & <b>,+1,02.01.2025",
  "010,4,,-7,03.01.2025",
]

async function rejected(content: readonly string[]): Promise<string> {
  const path = join(folder, `entries-${Math.random()}.csv`)
  await writeFile(path, `${content.join("\n")}\n`)
  const { deliveries } = await pipeline(path).run()
  expect(deliveries[0]).toMatchObject({ rejected: content.length - 1 })
  return deliveries[0]?.deliveryId ?? ""
}

const stored = async () => {
  const { rows } = await pool.query<Row>(`DELETE FROM entry RETURNING "Order No.", amount, note, "2024", due::text`)
  return rows.sort((one, other) => String(one["Order No."]).localeCompare(String(other["Order No."])))
}
const corrected = [
  { "Order No.": "007", amount: "1!", note: "=HYPERLINK(1)", "2024": "a", due: "2024-12-31" },
  { "Order No.": "008", amount: "-2!", note: "'=x", "2024": 'two\nlines, "quoted"', due: "2025-01-01" },
  { "Order No.": "009", amount: "3!", note: "_x0041_ & <b>", "2024": "+1", due: "2025-01-02" },
  { "Order No.": "010", amount: "4!", note: null, "2024": "-7", due: "2025-01-03" },
]

describe("an export of rejects", () => {
  test("as csv escapes formulas, and is replayed with the corrections", async () => {
    const id = await rejected(lines)
    const path = join(folder, "rejects.csv")
    expect(await rejectsCsv(path, storedRejects(pool, id), { delimiter: ";" })).toBe(4)
    const text = await readFile(path, "utf8")
    expect(text.split("\r\n")[0]).toBe("_reject;Order No.;amount;note;2024;due;_row;_line;_address;_reasons;_run")
    expect(text).toContain(`1';007;1;'=HYPERLINK(1);a;31.12.2024;2;2;;amount must be loud;${id}`)
    expect(text).toContain('4;010;4;"";-7;')
    await writeFile(path, text.replaceAll(/;(-?\d);(?=['_"]|;)/g, ";$1!;"))
    expect(await pipeline(path).replay(id, file(path))).toMatchObject({ loaded: 4 })
    expect(await stored()).toEqual(corrected)
  })

  test("as csv with neutralise: false, or as ndjson, has the values unchanged", async () => {
    const id = await rejected(lines.map((line) => line.replace("007", "0070")))
    const [plain, json] = [join(folder, "plain.csv"), join(folder, "rejects.ndjson")]
    await rejectsCsv(plain, storedRejects(pool, id), { neutralise: false })
    expect(await readFile(plain, "utf8")).toContain("1,0070,1,=HYPERLINK(1),a,")
    expect(await rejectsNdjson(json, storedRejects(pool, id, { limit: 1 }))).toBe(1)
    const [line = ""] = (await readFile(json, "utf8")).split("\n")
    expect(JSON.parse(line)).toMatchObject({
      _reject: 1,
      note: "=HYPERLINK(1)",
      _row: 2,
      _reasons: [{ code: "amount.calm", column: "amount" }],
      _run: id,
    })
    await writeFile(json, line.replace('"amount":"1"', '"amount":"1!"'))
    expect(await pipeline(json).replay(id, file(json))).toMatchObject({ loaded: 1 })
    expect(await stored()).toEqual([{ ...corrected[0], "Order No.": "0070" }])
  })

  test("as a workbook marks the bad cells, and is replayed with the corrections", async () => {
    const id = await rejected(lines.map((line) => line.replace("due", "Due")))
    const path = join(folder, "rejects.xlsx")
    expect(await correctionWorkbook(path, storedRejects(pool, id, { open: true }))).toBe(4)
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(path)
    const sheet = book.getWorksheet("Rejects")
    expect(sheet?.views).toMatchObject([{ state: "frozen", xSplit: 1, ySplit: 1 }])
    expect(sheet?.getCell("C2").note).toBe("amount must be loud")
    expect(sheet?.getCell("C2").fill).toMatchObject({ fgColor: { argb: "FFFFC7CE" } })
    expect(sheet?.getCell("B2")).toMatchObject({ value: "007", numFmt: "@" })
    expect(sheet?.getCell("B2").note).toBeUndefined()
    for (let row = 2; row <= 5; row++) {
      const cell = sheet?.getCell(row, 3)
      if (cell !== undefined) cell.value = `${cell.value}!`
    }
    // exceljs removes the escape when it reads, and does not write it again.
    const note = sheet?.getCell("D4")
    if (note !== undefined) note.value = "_x005F_x0041_ & <b>"
    await book.xlsx.writeFile(path)
    expect(await pipeline(path).replay(id, file(path))).toMatchObject({ loaded: 4 })
    expect(await stored()).toEqual(corrected)
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/\.part$/))
  })

  test("of rows from a workbook keeps dates, times and cell errors", async () => {
    const cells = new ExcelJS.Workbook()
    const sheet = cells.addWorksheet("Entries")
    sheet.addRow(["Order No.", "amount", "note", "2024", "due"])
    const row = sheet.addRow(["011", "5", 0.5, { error: "#N/A" }, new Date("2025-06-30")])
    row.getCell(3).numFmt = "hh:mm"
    row.getCell(5).numFmt = "dd.mm.yyyy"
    const source = join(folder, "entries.xlsx")
    await cells.xlsx.writeFile(source)
    const { deliveries } = await pipeline(source).run()
    const id = deliveries[0]?.deliveryId ?? ""
    const kept = []
    for await (const { raw, origin } of storedRejects(pool, id)) kept.push({ raw, address: origin.address })
    expect(kept).toEqual([
      {
        raw: {
          "2024": new CellError("#N/A"),
          "Order No.": "011",
          amount: "5",
          note: new TimeOfDay(43_200_000),
          due: new Date("2025-06-30"),
        },
        address: "A2",
      },
    ])
    expect(kept[0]?.raw["note"]).not.toBeInstanceOf(Duration)
    const path = join(folder, "again.xlsx")
    await correctionWorkbook(path, storedRejects(pool, id))
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(path)
    const [entry] = book.worksheets
    expect(entry?.getRow(1).values).toEqual([
      undefined,
      "_reject",
      "Order No.",
      "amount",
      "note",
      "2024",
      "due",
      "_row",
      "_line",
      "_address",
      "_reasons",
      "_run",
    ])
    for (const [at, value] of [
      ["C2", "5!"],
      ["D2", null],
      ["E2", "x"],
    ] as const)
      if (entry !== undefined) entry.getCell(at).value = value
    await book.xlsx.writeFile(path)
    expect(await pipeline(path).replay(id, file(path))).toMatchObject({ loaded: 1 })
    expect(await stored()).toEqual([{ "Order No.": "011", amount: "5!", note: null, "2024": "x", due: "2025-06-30" }])
  })

  test("with a text too long for a cell are refused as a workbook, and leave no file", async () => {
    const id = await rejected([lines[0] ?? "", `007,${"1".repeat(32_768)},,a,31.12.2024`])
    const path = join(folder, "long.xlsx")
    await expect(correctionWorkbook(path, storedRejects(pool, id))).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: 'The text in column "amount" of reject 1 has 32768 characters; the limit is 32767.',
      remedy: "Export the rejects as csv or ndjson.",
    })
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/^long|\.part$/))
  })

  test("that cannot be written is SINK_REFUSED, and leaves no file", async () => {
    const id = await rejected(lines.map((line) => line.replace("007", "0071")))
    await writeFile(join(folder, "file"), "")
    for (const write of [correctionWorkbook, rejectsCsv, rejectsNdjson])
      await expect(write(join(folder, "file", "out"), storedRejects(pool, id))).rejects.toMatchObject({ code: "SINK_REFUSED" })
    await expect(correctionWorkbook(join(folder, "none.xlsx"), storedRejects(pool, "none"))).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
    })
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/\.part$/))
  })
})
