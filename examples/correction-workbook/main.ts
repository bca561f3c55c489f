// Rejected rows go to a person as a workbook, come back corrected, and are loaded once.
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PGlite } from "@electric-sql/pglite"
import excel from "exceljs"
import { bytes, createPipeline, file } from "rowgate"
import { pglite, storedRejects } from "rowgate/pglite"
import { columnGuides, correctionWorkbook } from "rowgate/report"
import { z } from "zod"

const Ticket = z.object({ ticket: z.number().int(), state: z.enum(["open", "on hold", "done"]), seats: z.number().int().min(1).max(9) })

const db = new PGlite()
const tickets = createPipeline({ name: "tickets" })
  .from(bytes("ticket,state,seats\n1,open,2\n2,opened,2\n3,done,20\n", { name: "tickets.csv" }))
  .validate(Ticket)
  .into(pglite({ db, table: "tickets", createTable: true }))
const { deliveries } = await tickets.run()
const delivery = deliveries[0]?.deliveryId ?? ""

const folder = await mkdtemp(join(tmpdir(), "correction-"))
const path = join(folder, "tickets.xlsx")
const written = await correctionWorkbook(path, storedRejects(db, delivery, { open: true }), { columns: columnGuides(Ticket) })
console.log(`${written} rows to correct`)

// A person does this in a spreadsheet program. The cells have drop-downs and notes.
const book = new excel.Workbook()
await book.xlsx.readFile(path)
const sheet = book.getWorksheet("Rejects")
console.log(sheet?.getCell("C2").value, "->", sheet?.getCell("C2").note)
if (sheet !== undefined) sheet.getCell("C2").value = "open"
await book.xlsx.writeFile(path)

const { loaded, rejected } = await tickets.replay(delivery, file(path))
console.log(`${loaded} loaded, ${rejected} still wrong`)
for await (const { number, issues } of storedRejects(db, delivery, { open: true })) console.log(`reject ${number}: ${issues[0]?.message}`)
console.log((await db.query("SELECT ticket, state, seats FROM tickets ORDER BY ticket")).rows)
await db.close()
await rm(folder, { recursive: true })
