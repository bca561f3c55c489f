import { expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

const rows = Array.from({ length: 9 }, (_, at) => `2025-01-0${at + 1};a${at};-${at},50 EUR;`).join("\n")

test("a header among comments may have the mark before each name, and a delimiter at its end", async () => {
  for (const names of ["#Date;#Text;#Amount;", "#Date;Text;Amount;", "# Date;Text;Amount;"]) {
    const table = await readTable(csv(), chunkedFile(`Bank;\n\n#Client;\nANN;\n\n#Currency;#Sum;\nEUR;5,00;\n\n${names}\n${rows}\n`))
    expect([table.header, table.rows.length], names).toEqual([["Date", "Text", "Amount"], 9])
  }
})

test("a comment above the rows with too many or too few names is none", async () => {
  for (const names of ["#Date;#Text;", "#Date;#Text;#Amount;#More;", "#1;2;3;"]) {
    const table = await readTable(csv(), chunkedFile(`#Client;\n#Ann;\n#Bob;\n${names}\n${rows}\n`))
    expect(table.header, names).toEqual(["column_1", "column_2", "column_3"])
  }
})
