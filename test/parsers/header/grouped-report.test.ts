import { expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readContext, readTable } from "../read-table.ts"

test("a report with more headings and totals than rows has its header and all rows", async () => {
  for (let rows = 1; rows <= 6; rows++) {
    for (const delimiter of [",", ";"]) {
      const text = [
        "Acme,,,,,",
        "Profit,,,,,",
        ",,,,,",
        ",Date,Type,Num,Name,Amount",
        "Ordinary Income,,,,,",
        "   Income,,,,,",
        "      Services,,,,,",
        ...Array.from({ length: rows }, (_, at) => `,01/0${at + 1}/2025,Invoice,${1000 + at},Bob,100.00`),
        `      Total for Services,,,,,$${rows}00.00`,
        `   Total for Income,,,,,$${rows}00.00`,
        `Net Income,,,,,$${rows}00.00`,
      ]
      const table = await readTable(csv(), chunkedFile(text.join("\n").replaceAll(",", delimiter)))
      expect([table.header, table.rows.length], text.join("\n")).toEqual([["column_1", "Date", "Type", "Num", "Name", "Amount"], rows + 6])
    }
  }
})

test("lines above a table without a header may be its header, as a notice says", async () => {
  const messages: string[] = []
  for (const text of ["Acme\n\n1;2;3\n4;5;6\n7;8;9\n", "1;2;3\n4;5;6\n7;8;9\n"])
    for await (const batch of csv().parse(chunkedFile(text), readContext()))
      messages.push(...(batch.table.notices ?? []).flatMap(({ code, message }) => (code === "header.none" ? [message] : [])))
  expect(messages.map((message) => message.includes("may be the header"))).toEqual([true, false])
})
