import { bytes, createPipeline, memory } from "rowgate"
import { inferContract } from "rowgate/profile"
import { expect, test } from "vitest"
import { z } from "zod"
import { columnLines } from "../../src/cli/column-lines.ts"
import { summaryLines } from "../../src/cli/summary.ts"
import type { RunReport } from "../../src/model/run-report.ts"

async function reportOf(text: string): Promise<RunReport> {
  const source = bytes(text)
  const { columns, expected } = await inferContract(source)
  return await createPipeline({ name: "lines" })
    .from(source)
    .normalize({ columns })
    .score({ expected, provisional: true })
    .into(memory())
    .run()
}

function linesOf({ deliveries: [delivery] }: RunReport): readonly string[] {
  return delivery === undefined ? [] : columnLines(delivery)
}

test("each column shows its kind, how it is written, and what speaks against it", async () => {
  const report = await reportOf(
    `${[
      "id;name;menge;preis;rabatt;seit;am",
      "1;Ann;1.234;12,50 €;5 %;31.12.24;1. März 2024",
      "2;Bob;2.500;N/A;2,5 %;30.02.24;2. Mai 2024",
      "3;Cho;12.000;-;0;15.11.99;3. Juni 2024",
    ].join("\n")}\n`,
  )
  expect(linesOf(report)).toEqual([
    "    column  kind     nulls  errors",
    "    id      integer      0       0",
    "    name    text         0       0",
    "    menge   integer      0       0  decimal comma",
    "    preis   decimal      2       0  read as null: 1 x N/A, 1 x -; decimal comma; €",
    "    rabatt  decimal      0       0  decimal comma; 12 % is 0.12",
    "    seit    date         0       1  1 of 3 cells disagrees, first in row 3; d.M.yy; years 1969 to 2068",
    "    am      date         0       0  d. MMMM yyyy, d. MMM yyyy; months in de",
  ])
})

test("each kind of remark has one line below the columns, which names them", async () => {
  const report = await reportOf(
    `${[
      "id;seen;paid;sent;ean;amount;short",
      "1;2025-01-31 14:00:00;2025-01-31 14:00;2025-01-31T14:00:00+01:00;4.00638E+12;5 €;31/12/24",
      "2;2025-02-01 14:00:00;2025-02-01 14:00;2025-07-31T14:00:00+02:00;1.23457E+11;6;30/12/24",
    ].join("\n")}\n`,
  )
  expect(linesOf(report).slice(-4)).toEqual([
    "    seen, paid: The times have no offset from UTC and are read as UTC.",
    "    sent: The times have several offsets from UTC; they are kept as instants, without the local time.",
    "    ean: Numbers such as 4.00638E+12 have lost digits if a spreadsheet has shortened longer ones.",
    "    amount: Only some amounts have the currency €; all are read as numbers, without it.",
  ])
})

test("a remark about many columns names the first of them", async () => {
  const names = Array.from({ length: 8 }, (_, at) => `t${at}`)
  const report = await reportOf(`${names.join(",")}\n${names.map(() => "2025-01-31 14:00").join(",")}\n`)
  expect(linesOf(report).at(-1)).toBe("    t0, t1, t2, t3, t4 and 3 more: The times have no offset from UTC and are read as UTC.")
})

test("the summary says each doubt once, in the line of its column", async () => {
  const report = await reportOf("id;due\n1;01/02/2024\n2;03/04/2024\n")
  const lines = summaryLines(report, { target: "memory", look: [] })
  expect(lines.filter((line) => line.includes("day-first"))).toEqual([
    "    due     text            2  The dates may be day-first or month-first, and no cell proves which.",
  ])
})

test("a table of many columns shows at most a screen of them, those with something to say first", async () => {
  const names = Array.from({ length: 300 }, (_, at) => `c${at}`)
  const row = (value: string) => names.map((_, at) => (at === 250 ? value : "1")).join(",")
  const lines = linesOf(await reportOf(`${names.join(",")}\n${row("5")}\n${row("N/A")}\n`))
  expect(lines).toHaveLength(10)
  expect(lines).toContain("    c250    integer      1  read as null: 1 x N/A")
  expect(lines.at(-1)).toBe("    and 292 more; --json shows all of them")
})

test("under a contract, each column has the header that it was read from, and headers that no column takes are named", async () => {
  const report = await createPipeline({ name: "declared" })
    .from(bytes("2020,Order No.,Note\n5,1,x\n6,2,y\n"))
    .normalize({ headers: { orderNo: ["Order No."] } })
    .validate(z.object({ orderNo: z.int(), "2020": z.int(), done: z.boolean().optional() }))
    .into(memory())
    .run()
  expect(linesOf(report)).toEqual([
    "    header     column   kind",
    "    2020       2020     integer",
    "    Order No.  orderNo  integer",
    "    Note                         not loaded",
    "               done     boolean  not in the file",
  ])
})

test("columns that a locale would decide come with the flag that names it", async () => {
  const open = linesOf(await reportOf("id;due;pieces\n1;01/02/2024;1.234\n2;03/04/2024;2.500\n"))
  expect(open.at(-1)).toBe("    Say with --locale how the file writes dates and numbers, such as --locale de, to read the open ones.")
  expect(linesOf(await reportOf("id\n1\n")).join("\n")).not.toContain("--locale")
})

test("the summary says how many lines of the file are in no table", async () => {
  const lines = summaryLines(await reportOf("Stock\nof June\n\nid,pieces\n1,5\n2,6\n"), { target: "memory", look: [] })
  expect(lines).toContain("  2 lines are in no table")
})

test("a report without a contract shows no columns, because there is nothing to say about them", async () => {
  const report = await createPipeline({ name: "declared" }).from(bytes("id\n1\n")).into(memory()).run()
  expect(linesOf(report)).toEqual([])
})
