import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import ExcelJS, { type CellValue } from "exceljs"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { migrate, tableGuides } from "../../src/postgres.ts"
import { TextStream } from "../cli/text-stream.ts"
import { type PostgresDatabase, postgresDatabase } from "../postgres-database.ts"

let database: PostgresDatabase
let pool: pg.Pool
let cwd: string
beforeAll(async () => {
  database = await postgresDatabase()
  pool = new pg.Pool({ connectionString: database.url })
  await migrate(pool)
  cwd = await mkdtemp(join(tmpdir(), "rowgate-template-"))
  await writeFile(
    join(cwd, "visit.mjs"),
    `import { z } from ${JSON.stringify(import.meta.resolve("zod"))}
export default z.object({
  code: z.string().max(5), state: z.enum(["open", "done"]), paid: z.boolean(), seats: z.number().int().min(1).max(9),
  price: z.number().positive(), on: z.date(), email: z.email().optional(), note: z.string().nullable() })`,
  )
  await pool.query(`
    CREATE TYPE mood AS ENUM ('good', 'so, so', 'bad');
    CREATE DOMAIN percent AS int CHECK (VALUE >= 0 AND VALUE <= 100);
    CREATE TABLE owner (id int PRIMARY KEY);
    INSERT INTO owner VALUES (7);
    CREATE TABLE visit (
      id bigint GENERATED ALWAYS AS IDENTITY, code varchar(5) NOT NULL UNIQUE, mood mood NOT NULL, state text CHECK (state IN ('open', 'it''s done')) DEFAULT 'open',
      paid boolean, share percent, seats smallint CHECK (seats > 0), price numeric(8,2), "on" date NOT NULL, at timestamp, owner int REFERENCES owner,
      note text CHECK (length(note) > 2), made timestamptz NOT NULL DEFAULT now(), key uuid);
    COMMENT ON COLUMN visit.code IS 'The code on the ticket.'`)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
  await rm(cwd, { recursive: true })
})

async function rowgate(...argv: string[]) {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const code = await runCli(argv, { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

async function opened(name: string): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(join(cwd, name))
  return book
}

/** Fills in rows by the names of the header. */
async function fillIn(name: string, ...rows: readonly { readonly [column: string]: CellValue }[]): Promise<void> {
  const book = await opened(name)
  const sheet = book.getWorksheet("Rows")
  const header = sheet?.getRow(1).values as readonly CellValue[]
  rows.forEach((row, at) => {
    for (const [column, value] of Object.entries(row)) {
      expect(header).toContain(column)
      const cell = sheet?.getRow(at + 2).getCell(header.indexOf(column))
      if (cell !== undefined) cell.value = value
    }
  })
  await book.xlsx.writeFile(join(cwd, name))
}

describe("rowgate template", () => {
  test("of a schema has drop-downs, rules, formats and notes, and explains them", async () => {
    expect(await rowgate("template", "--schema", "visit.mjs", "--out", "visit.xlsx")).toEqual({
      code: 0,
      out: `8 columns, 6 required: ${join(cwd, "visit.xlsx")}\n`,
      err: "",
    })
    const book = await opened("visit.xlsx")
    const sheet = book.getWorksheet("Rows")
    expect(sheet?.views).toMatchObject([{ state: "frozen", ySplit: 1 }])
    expect(sheet?.getCell("B2").dataValidation).toMatchObject({ type: "list", formulae: ["'rowgate lists'!$A$1:$A$2"], errorStyle: "stop" })
    expect(sheet?.getCell("C10001").dataValidation).toMatchObject({ type: "list" })
    expect(sheet?.getCell("D2").dataValidation).toMatchObject({ type: "whole", formulae: [1, 9] })
    expect(sheet?.getCell("E2").dataValidation).toMatchObject({ type: "decimal", operator: "greaterThan", formulae: [0] })
    expect([sheet?.getColumn(1).numFmt, sheet?.getColumn(6).numFmt]).toEqual(["@", "yyyy-mm-dd"])
    expect(sheet?.getCell("D1").note).toBe("Required.\nA whole number from 1 to 9.")
    expect(sheet?.getCell("G1").note).toContain("May be empty.")
    expect(book.getWorksheet("rowgate help")?.getSheetValues().join("\n")).toContain("seats,Required. A whole number from 1 to 9.")
    expect(await rowgate("template", "--schema", "visit.mjs", "--out", "visit.xlsx")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--force"),
    })
  })

  test("of a schema is filled in and loaded with the same schema, without a question", async () => {
    await rowgate("template", "--schema", "visit.mjs", "--out", "filled.xlsx", "--force")
    const first = { code: "007", state: "open", paid: true, seats: 2, price: 1.5, on: new Date("2026-03-04"), note: "=1" }
    await fillIn("filled.xlsx", first, { ...first, code: "=x", state: "done", paid: false, email: "a@example.com" })
    const { code, out, err } = await rowgate("ingest", "filled.xlsx", "--schema", "visit.mjs", "--to", "rows.ndjson", "--json")
    expect([code, err]).toEqual([0, ""])
    const report = JSON.parse(out)
    expect(report).toMatchObject({ read: 2, loaded: 2, rejected: 0 })
    expect(report.deliveries[0].notices).toEqual([])
  })

  test("of a table has its enumerations, constraints and comments, and leaves out what the database fills", async () => {
    expect(await tableGuides(pool, "visit")).toEqual({
      filled: ["id", "made"],
      columns: [
        { name: "code", kind: "text", required: true, maxLength: 5, notes: ["The code on the ticket.", "Each value only once."] },
        { name: "mood", kind: "text", required: true, values: ["good", "so, so", "bad"] },
        {
          name: "state",
          kind: "text",
          required: false,
          values: ["open", "it's done"],
          notes: ["The default of the database is open, but it does not replace a blank cell."],
        },
        { name: "paid", kind: "boolean", required: false },
        { name: "share", kind: "integer", required: false, minimum: { value: 0 }, maximum: { value: 100 } },
        { name: "seats", kind: "integer", required: false, minimum: { value: 0, exclusive: true }, maximum: { value: 32_767 } },
        { name: "price", kind: "decimal", required: false, scale: 2 },
        { name: "on", kind: "date", required: true },
        { name: "at", kind: "timestamp", required: false },
        {
          name: "owner",
          kind: "integer",
          required: false,
          minimum: { value: -2_147_483_648 },
          maximum: { value: 2_147_483_647 },
          notes: ["It must be in the column id of public.owner."],
        },
        { name: "note", kind: "text", required: false, notes: ["The database requires (length(note) > 2)."] },
        {
          name: "key",
          kind: "text",
          required: false,
          notes: ["It must be a UUID."],
          example: "123e4567-e89b-42d3-a456-426614174000",
        },
      ],
    })
    await expect(tableGuides(pool, "nowhere")).rejects.toMatchObject({ code: "SINK_SCHEMA_MISMATCH" })
  })

  test("of a table is filled in and loaded into the table", async () => {
    const written = await rowgate("template", "--table", "visit", "--to", database.url, "--out", "table.xlsx")
    expect(written).toMatchObject({ code: 0, err: "" })
    expect(written.out).toContain("left out, because the database fills them: id, made")
    await fillIn(
      "table.xlsx",
      {
        code: "00001",
        mood: "so, so",
        state: "it's done",
        paid: true,
        share: 5,
        seats: 3,
        price: 9.5,
        on: new Date("2026-01-02"),
        owner: 7,
      },
      {
        code: "00002",
        mood: "bad",
        on: new Date("2026-01-03"),
        at: new Date("2026-01-03T10:30:00Z"),
        note: "=cmd",
        key: "123e4567-e89b-42d3-a456-426614174000",
      },
    )
    const { code, out } = await rowgate("ingest", "table.xlsx", "--table", "visit", "--to", database.url)
    expect(out).toContain("2 loaded")
    expect(code).toBe(0)
    const { rows } = await pool.query(`SELECT id::int, code, mood, state, paid, price, "on"::text, at::text, note FROM visit ORDER BY code`)
    expect(rows).toMatchObject([
      { id: 1, code: "00001", mood: "so, so", state: "it's done", paid: true, price: "9.50", on: "2026-01-02", at: null },
      { id: 2, code: "00002", mood: "bad", state: null, on: "2026-01-03", at: "2026-01-03 10:30:00", note: "=cmd" },
    ])
  })

  test("needs a schema or a table, and takes one of them", async () => {
    expect(await rowgate("template")).toMatchObject({ code: 2, err: expect.stringContaining("--schema, or a table with --table") })
    expect(await rowgate("template", "--schema", "visit.mjs", "--table", "visit")).toMatchObject({
      code: 2,
      err: expect.stringContaining("Use either --schema or --table"),
    })
    expect(await rowgate("template", "file.csv")).toMatchObject({ code: 2 })
  })
})
