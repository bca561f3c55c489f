import { expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"
import { workbookBytes } from "../xlsx/workbook-bytes.ts"

async function lines(text: string, context = {}): Promise<readonly (number | undefined)[]> {
  const { batches } = await readTable(csv(), chunkedFile(text, 4096), context)
  return batches.flatMap((batch) =>
    [...batch.issues].filter(({ issue }) => issue.code === "table.header").map(({ row }) => batch.origin(row).line),
  )
}

const rows = (count: number, row: (at: number) => string) => Array.from({ length: count }, (_, at) => `${row(at)}\n`).join("")

test("names amid the numbers and dates of a table are suspected to be the header of another one", async () => {
  for (const text of [
    "item,qty\nbolt,10\nnut,20\ntool,price\nhammer,5\nsaw,7\n",
    "item,qty\nbolt,10\nnut,20\nitem,left\nhammer,5\nsaw,7\n",
    "Artikel;Menge\nA;10\nB;20\nKunde;Betrag (EUR)\nC;5,5\nD;7,5\n",
    "id;day;qty\n1;2024-01-01;5\n2;2024-01-02;6\nsku;first;second\nx;2024-01-03;5\n",
    "品目,数量\nA,10\nB,20\n商品名,価格\nC,5\nD,7\n",
  ])
    for (const batchRows of [2, 3, 4096]) expect(await lines(text, { batchRows }), text).toEqual([4])
})

test("such names are found at any depth", async () => {
  const text = `item,qty\n${rows(9000, (at) => `bolt ${at},${at}`)}tool,price\n${rows(9000, (at) => `saw ${at},${at}`)}`
  expect(await lines(text)).toEqual([9002])
})

test("such names are found in a sheet", async () => {
  const body = Array.from({ length: 9000 }, (_, at) => ["bolt", at])
  const all = [["item", "qty"], ...body, ["tool", "price"], ...body]
  const sheet = all.map(([name, value], at) => {
    const second = typeof value === "number" ? `<c r="B${at + 1}"><v>${value}</v></c>` : `<c r="B${at + 1}" t="str"><v>${value}</v></c>`
    return `<row r="${at + 1}"><c r="A${at + 1}" t="str"><v>${name}</v></c>${second}</row>`
  })
  const { issues } = await readTable(xlsx(), chunkedFile(workbookBytes({ rows: sheet.join("") }), undefined, "memory/book.xlsx"))
  expect(issues).toEqual(["9000: table.header"])
})

test("a text in a column of numbers is no header, and neither are many of them", async () => {
  for (const text of [
    "name,score\nAnn,5\nBo,absent\nCy,7\n",
    "metric,value\nRevenue,5\nTax,absent\nAge,7\n",
    "day,temperature,rain\n2024-01-01,5,1\nsensor off,sensor off,sensor off\n2024-01-03,7,2\n",
    "id,qty,price\n1,5,6\n2,n/a,unknown\n3,5,6\n",
    "id,qty,note\n1,5,a\n2,,b\nthree,6,c\n",
    `item,qty\n${rows(30, (at) => (at % 3 === 2 ? "tool,price" : `bolt,${at}`))}`,
  ])
    expect(await lines(text), text).toEqual([])
})
