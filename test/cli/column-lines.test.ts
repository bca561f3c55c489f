import { bytes, createPipeline, memory } from "rowgate"
import { inferContract } from "rowgate/profile"
import { expect, test } from "vitest"
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
    "    column  kind",
    "    id      integer",
    "    name    text",
    "    menge   integer  decimal comma",
    "    preis   decimal  read as null: 1 x N/A, 1 x -; decimal comma; €",
    "    rabatt  decimal  decimal comma; 12 % is 0.12",
    "    seit    date     1 of 3 cells disagree, first in row 3; d.M.yy; years 1969 to 2068",
    "    am      date     d. MMMM yyyy, d. MMM yyyy; months in de",
  ])
})

test("the summary says each doubt once, in the line of its column", async () => {
  const report = await reportOf("id;due\n1;01/02/2024\n2;03/04/2024\n")
  const lines = summaryLines(report, { target: "memory", look: [] })
  expect(lines.filter((line) => line.includes("day-first"))).toEqual([
    "    due     text     The dates may be day-first or month-first, and no cell proves which.",
  ])
})

test("a table of many columns shows at most a screen of them, those with something to say first", async () => {
  const names = Array.from({ length: 300 }, (_, at) => `c${at}`)
  const row = (value: string) => names.map((_, at) => (at === 250 ? value : "1")).join(",")
  const lines = linesOf(await reportOf(`${names.join(",")}\n${row("5")}\n${row("N/A")}\n`))
  expect(lines).toHaveLength(17)
  expect(lines).toContain("    c250    integer  read as null: 1 x N/A")
  expect(lines.at(-1)).toBe("    and 285 more; --json shows all of them")
})

test("a report of a declared contract shows no columns", async () => {
  const report = await createPipeline({ name: "declared" }).from(bytes("id\n1\n")).into(memory()).run()
  expect(linesOf(report)).toEqual([])
})
