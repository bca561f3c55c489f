import { describe, expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

/** The rows of a csv text that get a code. */
async function rowsWith(code: string, text: string): Promise<readonly number[]> {
  const { issues } = await readTable(csv(), chunkedFile(text))
  return issues.flatMap((issue) => (issue.endsWith(` ${code}`) ? [Number.parseInt(issue, 10)] : [])).sort((one, other) => one - other)
}

const table = (middle: string) => `Pos;Item;Amount\n1;A;10,00\n2;B;20,00\n${middle}3;C;5,00\n4;D;6,00\n`

describe("an amount that a page carries forward", () => {
  test.each([
    ["Carried forward", "Brought forward"],
    ["Balance carried forward", "Balance brought forward"],
    ["Übertrag", "Übertrag von Seite 1"],
    ["à reporter", "report"],
    ["Suma y sigue", "Suma anterior"],
    ["Do przeniesienia", "Z przeniesienia"],
  ])("is told: %s", async (above, below) => {
    expect(await rowsWith("table.total", table(`${above};;30,00\n${below};;30,00\n`))).toEqual([2, 3])
    expect(await rowsWith("table.total", `${table(`;${above};30,00\n;${below};30,00\n`)}Total;;41,00\n`)).toEqual([2, 3, 6])
  })

  test("is no row whose text has another meaning", async () => {
    for (const text of [table("report;;12,00\ntransport;;9,00\n"), "kind;n;m\nreport;1;2\nreport;2;\nnews;3;2\n"])
      expect(await rowsWith("table.total", text), text).toEqual([])
  })
})

test("a row with the number of a page is told amid a table", async () => {
  expect(await rowsWith("table.note", table("Page 1 of 2;;\nSeite 2 von 3;;\n"))).toEqual([2, 3])
  expect(await rowsWith("table.note", table("Page turner;;\n5;Page 1;7,00\n"))).toEqual([])
})

describe("a total in the first row", () => {
  test("is told if half of its numbers are the sums of the rows below", async () => {
    for (const label of ["Grand total", "Total", ""])
      expect(
        await rowsWith(
          "table.total",
          `channel,visits,rate,revenue\n${label},600,0.4,60.5\nA,300,0.5,30.25\nB,200,0.3,20.25\nC,100,0.4,10\n`,
        ),
      ).toEqual([0])
  })

  test("is a row like others without a sum", async () => {
    expect(await rowsWith("table.total", "customer,visits\nTotal Energies,600\nB,200\nC,100\n")).toEqual([])
    expect(await rowsWith("table.total", "customer,visits\n,600\nB,200\nC,100\n")).toEqual([])
    expect(await rowsWith("table.total", "customer,visits\nA,300\nB,200\nC,100\n")).toEqual([])
  })
})

describe("totals in the last rows", () => {
  const rows = "item,qty,amount,x\nA,1,10.00,1\nB,2,20.00,1\n"
  const totals = "Total for Services,,78.00,\nTotal for Income,,78.00,\nNet Income,,78.00,\n"

  test("are told by their labels, also without a sum and above a remark", async () => {
    expect(await rowsWith("table.total", rows + totals)).toEqual([2, 3, 4])
    expect(await rowsWith("table.total", `${rows + totals}Accrual Basis Saturday, April, 2025\n`)).toEqual([2, 3, 4])
    expect(await rowsWith("table.total", `${rows}Total Services,,78.00,\nTotal Rent,,78.00,\n`)).toEqual([2, 3])
  })

  test("are no customers with such a name", async () => {
    expect(await rowsWith("table.total", `${rows}Total Energies,,78.00,1\n`)).toEqual([])
  })
})
