import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import ExcelJS, { type CellValue, type Worksheet } from "exceljs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { runCli } from "../../src/cli.ts"
import { TextStream } from "../cli/text-stream.ts"

const run = promisify(execFile)
const office = ["/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice"].find(
  existsSync,
)

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "rowgate-office-"))
  await writeFile(
    join(cwd, "ticket.mjs"),
    `import { z } from ${JSON.stringify(import.meta.resolve("zod"))}
export default z.object({ code: z.string(), state: z.enum(["open", "on hold, waiting"]), paid: z.boolean(), seats: z.number().int().max(9), due: z.date(), note: z.string().nullable() })`,
  )
})
afterAll(() => rm(cwd, { recursive: true }))

async function rowgate(...argv: string[]) {
  const [stdout, stderr] = [new TextStream(), new TextStream()]
  const code = await runCli(argv, { stdout, stderr, env: {}, cwd })
  return { code, out: stdout.text, err: stderr.text }
}

/** Opens a file in LibreOffice and saves it in a format, as a person would. Returns the new file. */
async function saved(name: string, format: "xlsx" | "csv"): Promise<string> {
  const out = join(cwd, "saved")
  const profile = `-env:UserInstallation=file://${join(cwd, "profile")}`
  await run(office ?? "", [profile, "--headless", "--convert-to", format, "--outdir", out, join(cwd, name)])
  const file = `saved-${name.replace(/\.\w+$/, "")}.${format}`
  await rename(join(out, name.replace(/\.\w+$/, `.${format}`)), join(cwd, file))
  return file
}

async function edited(name: string, sheetName: string, cells: { readonly [address: string]: CellValue }): Promise<Worksheet> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(join(cwd, name))
  const sheet = book.getWorksheet(sheetName)
  if (sheet === undefined) throw new Error(`${name} has no sheet ${sheetName}.`)
  for (const [address, value] of Object.entries(cells)) sheet.getCell(address).value = value
  await book.xlsx.writeFile(join(cwd, name))
  return sheet
}

const target = ["--to", "pglite:db", "--table", "ticket"] as const

describe.skipIf(office === undefined)("with LibreOffice (skipped where it is not installed)", () => {
  test("a correction workbook is opened, corrected, saved and replayed", async () => {
    const lines = [
      "code,state,paid,seats,due,note",
      "001,opened,true,3,2026-01-31,=1+1",
      "002,open,perhaps,30,2026-02-30,_x0041_ -",
      "003,open,true,1,2026-01-01,@x",
    ]
    await writeFile(join(cwd, "tickets.csv"), `${lines.join("\n")}\n`)
    expect((await rowgate("ingest", "tickets.csv", "--schema", "ticket.mjs", ...target)).out).toContain("1 loaded, 2 rejected")
    const id = JSON.parse((await rowgate("runs", "--to", "pglite:db", "--json")).out).id
    const written = await rowgate("rejects", id, "--to", "pglite:db", "--schema", "ticket.mjs", "--xlsx", "rejects.xlsx")
    expect(written).toMatchObject({ code: 0, err: "" })

    // LibreOffice saves what it has read: rules, notes and colors are still there, and no cell is a formula.
    const first = await saved("rejects.xlsx", "xlsx")
    const sheet = await edited(first, "Rejects", { C2: "on hold, waiting" })
    expect(sheet.getCell("C2").dataValidation).toMatchObject({ type: "list" })
    expect(sheet.getCell("C2").fill).toMatchObject({ fgColor: { argb: "FFFFC7CE" } })
    expect(JSON.stringify(sheet.getCell("C2").note)).toContain("Invalid option")
    expect(sheet.getCell("B2")).toMatchObject({ value: "001", numFmt: "@" })
    expect(sheet.getCell("G2")).toMatchObject({ value: "=1+1", formula: undefined })

    const corrected = await saved(first, "xlsx")
    const replayed = await rowgate("replay", id, corrected, "--schema", "ticket.mjs", ...target)
    expect(replayed).toMatchObject({ code: 0, err: "" })
    expect(replayed.out).toContain("2 rows read, 1 loaded, 1 rejected")
    await edited(corrected, "Rejects", { C3: "open", D3: true, E3: 4, F3: new Date("2026-02-28") })
    expect((await rowgate("replay", id, corrected, "--schema", "ticket.mjs", ...target)).err).toContain("DELIVERY_REFUSED")

    // The first row has been corrected, so a new export has only the second one.
    await rowgate("rejects", id, "--open", "--to", "pglite:db", "--schema", "ticket.mjs", "--xlsx", "open.xlsx")
    await edited("open.xlsx", "Rejects", { D2: true, E2: 4, F2: new Date("2026-02-28") })
    const again = await rowgate("replay", id, await saved("open.xlsx", "xlsx"), "--schema", "ticket.mjs", ...target)
    expect(again.out).toContain("1 row read, 1 loaded")
    const rows = (await rowgate("show", "ticket", "--to", "pglite:db", "--json")).out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(rows.sort((one, other) => one.code.localeCompare(other.code))).toMatchObject([
      { code: "001", state: "on hold, waiting", paid: true, note: "=1+1" },
      { code: "002", state: "open", paid: true, note: "_x0041_ -" },
      { code: "003", state: "open", paid: true, note: "@x" },
    ])
  })

  test("a template is opened, filled in, saved and loaded", async () => {
    expect(await rowgate("template", "--schema", "ticket.mjs")).toMatchObject({ code: 0, err: "" })
    const opened = await saved("template.xlsx", "xlsx")
    const row = { A2: "007", B2: "on hold, waiting", C2: false, D2: 2, E2: new Date("2026-03-01"), F2: "-5 or so" }
    const sheet = await edited(opened, "Rows", row)
    expect(sheet.getCell("B2").dataValidation).toMatchObject({ type: "list" })
    expect(sheet.getCell("C2").dataValidation).toMatchObject({ type: "list" })
    expect(sheet.getCell("D2").dataValidation).toMatchObject({ type: "whole" })
    for (const format of ["xlsx", "csv"] as const) {
      const { code, out, err } = await rowgate(
        "ingest",
        await saved(opened, format),
        "--schema",
        "ticket.mjs",
        "--to",
        `${format}.ndjson`,
        "--json",
      )
      expect([code, err]).toEqual([0, ""])
      expect(JSON.parse(out)).toMatchObject({ read: 1, loaded: 1, deliveries: [{ notices: [] }] })
    }
  })
})
