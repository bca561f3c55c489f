import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS, { type Worksheet } from "exceljs"
import pg from "pg"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline, file, type Row } from "../../src/index.ts"
import { migrate, postgres, storedRejects } from "../../src/postgres.ts"
import { columnGuides, correctionWorkbook } from "../../src/report.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"

let database: PostgresDatabase
let pool: pg.Pool
let folder: string
let tickets: ReturnType<typeof ticketPipeline>
beforeAll(async () => {
  database = await postgresDatabase()
  pool = new pg.Pool({ connectionString: database.url })
  await migrate(pool)
  await pool.query("CREATE TABLE ticket (id int, email text, state text, paid boolean, due date, seats int, note text)")
  tickets = ticketPipeline()
  folder = await mkdtemp(join(tmpdir(), "rowgate-book-"))
})
afterAll(async () => {
  await pool.end()
  await database.drop()
  await rm(folder, { recursive: true })
})

const Ticket = z.object({
  id: z.number().int(),
  email: z.email(),
  state: z.enum(["open", "on hold, waiting", "done"]),
  paid: z.boolean(),
  due: z.date(),
  seats: z.number().int().min(1).max(9),
  note: z.string().nullable(),
})
const ticketPipeline = () =>
  createPipeline({ name: "tickets", budget: { share: 1 } })
    .from(bytes(""))
    .normalize({ headers: { email: "Mail address" } })
    .validate(Ticket)
    .into(postgres({ pool, table: "ticket" }))

const header = "id,Mail address,state,paid,due,seats,note"
let round = 0
let id: string
let path: string
let book: ExcelJS.Workbook
let sheet: Worksheet
beforeEach(async () => {
  const lines = [
    header,
    "1,a@example.com,open,true,2026-03-01,2,fine",
    "2,bob,opened,true,2026-03-01,2,=1+1",
    "3,c@example.com,done,perhaps,2026-02-30,20,007",
    `4,d@example.com,done,true,2026-03-04,0,@x ${++round}`,
  ]
  const { deliveries } = await tickets.run({ source: bytes(`${lines.join("\n")}\n`, { name: "tickets.csv" }) })
  expect(deliveries[0]).toMatchObject({ loaded: 1, rejected: 3 })
  id = deliveries[0]?.deliveryId ?? ""
  path = join(folder, `tickets-${round}.xlsx`)
  await correctionWorkbook(path, storedRejects(pool, id), { columns: columnGuides(Ticket) })
  await pool.query("DELETE FROM ticket")
  await open()
})

async function open(): Promise<void> {
  book = new ExcelJS.Workbook()
  await book.xlsx.readFile(path)
  const found = book.getWorksheet("Rejects")
  if (found === undefined) throw new Error("The workbook has no sheet Rejects.")
  sheet = found
}

const correct = (cells: { readonly [address: string]: ExcelJS.CellValue }) => {
  for (const [address, value] of Object.entries(cells)) sheet.getCell(address).value = value
}
async function replay() {
  await book.xlsx.writeFile(path)
  return tickets.replay(id, file(path))
}
const loaded = async () => (await pool.query<Row>("SELECT id, email, state, paid, due::text, seats, note FROM ticket ORDER BY id")).rows
const fills = (row: number) =>
  [2, 3, 4, 5, 6, 7, 8].filter((column) => {
    const { fill } = sheet.getCell(row, column)
    return fill?.type === "pattern" && fill.pattern === "solid"
  })

describe("a correction workbook with guides", () => {
  test("has drop-downs, warnings for other rules, notes on headers, and the format of the kind in cells to correct", () => {
    expect(sheet.getCell("D2").dataValidation).toMatchObject({
      type: "list",
      formulae: ["'rowgate lists'!$A$1:$A$3"],
      errorStyle: "warning",
    })
    expect(sheet.getCell("E4").dataValidation).toMatchObject({ type: "list", formulae: ["'rowgate lists'!$B$1:$B$2"] })
    expect(sheet.getCell("G2").dataValidation).toMatchObject({ type: "whole", formulae: [1, 9], error: "A whole number from 1 to 9." })
    expect(book.getWorksheet("rowgate lists")?.getColumn(1).values.slice(1)).toEqual(["open", "on hold, waiting", "done"])
    expect(book.getWorksheet("rowgate lists")?.state).toBe("veryHidden")
    expect(sheet.getCell("C1").note).toBe("Required.\nText.\nIt must be an e-mail address.\nExample: name@example.com")
    expect([sheet.getCell("F3").numFmt, sheet.getCell("G3").numFmt, sheet.getCell("D2").numFmt]).toEqual(["yyyy-mm-dd", undefined, "@"])
    expect(sheet.getCell("F2")).toMatchObject({ value: "2026-03-01", numFmt: "@" })
  })

  test("marks the bad cells, also below a header with another name than the column, and explains what to do", () => {
    expect([fills(2), fills(3), fills(4)]).toEqual([[3, 4], [5, 6, 7], [7]])
    expect(sheet.getCell("C2").note).toBe("Invalid email address")
    const help = book.getWorksheet("rowgate help")
    const text = help?.getSheetValues().join("\n")
    expect(text).toContain("How to correct these rows")
    expect(text).toContain(`rowgate replay ${id} FILE`)
    expect(text).toContain("state,Required. One of: open, on hold, waiting, done.")
  })

  test("has no formula, whatever the cells begin with", () => {
    expect([sheet.getCell("H2").value, sheet.getCell("H3").value, sheet.getCell("H4").value]).toEqual(["=1+1", "007", `@x ${round}`])
    sheet.eachRow((row) => row.eachCell((cell) => expect(cell.formula).toBeUndefined()))
  })

  test("is replayed: corrected rows are loaded once, and the others are rejected again with their reasons", async () => {
    correct({ C2: "b@example.com", D2: "open", E3: true, F3: new Date("2026-02-28"), G3: 3 })
    const report = await replay()
    expect(report).toMatchObject({ read: 3, loaded: 2, rejected: 1 })
    expect(report.deliveries[0]?.notices).toEqual([])
    expect(await loaded()).toEqual([
      { id: 2, email: "b@example.com", state: "open", paid: true, due: "2026-03-01", seats: 2, note: "=1+1" },
      { id: 3, email: "c@example.com", state: "done", paid: true, due: "2026-02-28", seats: 3, note: "007" },
    ])
    const open = []
    for await (const { number, issues } of storedRejects(pool, id, { open: true })) open.push([number, issues[0]?.column])
    expect(open).toEqual([[3, "seats"]])
    expect((await tickets.replay(id, file(path))).deliveries[0]).toMatchObject({ outcome: "duplicate" })
    expect(await loaded()).toHaveLength(2)
  })

  test("can be sorted, and its columns and sheets moved", async () => {
    correct({ G4: 4 })
    const rows = [4, 3, 2].map((row) => sheet.getRow(row).values as ExcelJS.CellValue[])
    rows.forEach((values, at) => {
      sheet.getRow(at + 2).values = values
    })
    const notes = sheet.getColumn(8).values.slice(1)
    sheet.spliceColumns(8, 1)
    sheet.spliceColumns(3, 0, notes as unknown[])
    for (const [at, each] of book.worksheets.entries()) Object.assign(each, { orderNo: 3 - at })
    expect(await replay()).toMatchObject({ loaded: 1, rejected: 2 })
    expect(await loaded()).toMatchObject([{ id: 4, seats: 4, note: `@x ${round}`, email: "d@example.com" }])
  })

  test("in which rows were cleared or deleted leaves those open", async () => {
    sheet.getRow(2).values = []
    const last = sheet.getRow(4).values
    sheet.getRow(4).values = []
    sheet.getRow(3).values = last
    correct({ G3: 4 })
    expect(await replay()).toMatchObject({ read: 1, loaded: 1 })
    const open = []
    for await (const { number } of storedRejects(pool, id, { open: true })) open.push(number)
    expect(open).toEqual([1, 2])
  })

  test.each([
    ["a deleted column", () => sheet.spliceColumns(8, 1), /lack columns of the delivery .*: note\./],
    ["a renamed column", () => correct({ H1: "remark" }), /: note\. They have others: remark\./],
    ["an added row", () => sheet.addRow([null, 9, "e@example.com", "open", true, new Date(), 1]), /row 5 has no reject number/],
    ["a row that is there twice", () => sheet.addRow(sheet.getRow(2).values), /rows 2 and 5 both correct the reject 1/],
    ["rows of another delivery", () => correct({ M3: "other" }), /row 3 names a delivery other than/],
  ])("with %s is refused, and nothing is loaded", async (_what, change, message) => {
    correct({ G4: 4 })
    change()
    await expect(replay()).rejects.toMatchObject({ code: "DELIVERY_REFUSED", message: expect.stringMatching(message) })
    expect(await loaded()).toEqual([])
  })
})
