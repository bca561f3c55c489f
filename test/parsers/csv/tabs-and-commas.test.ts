import { expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

test("a key of several parts with commas is one field between tabs, however few columns follow", async () => {
  for (const years of [2, 3, 6]) {
    const row = (key: string, cell: (at: number) => string) => [key, ...Array.from({ length: years }, (_, at) => cell(at))].join("\t")
    const lines = [
      row("freq,unit,age,sex,geo\\TIME_PERIOD", (at) => `${2021 + at} `),
      row("A,NR,TOTAL,T,AT", (at) => `89326${at} `),
      row("A,NR,TOTAL,T,BE", (at) => `115547${at} b`),
      row("A,NR,TOTAL,T,CY", () => ": "),
      row("A,NR,TOTAL,T,XK", (at) => `17739${at} e`),
    ]
    const { header, rows } = await readTable(csv(), chunkedFile(`${lines.join("\n")}\n`))
    expect([header.length, rows.length], lines.join("\n")).toEqual([years + 1, 4])
  }
})
