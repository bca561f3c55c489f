import { describe, expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

const numbers = Array.from({ length: 8 }, (_, at) => `${at},${at * 2.5},${at * 10}`)
const named = Array.from({ length: 8 }, (_, at) => `row ${at},${at * 2.5},${at * 10}`)

describe("a row of texts amid numbers", () => {
  test.each([
    ["id,qty,price", numbers, "error,failed,timeout"],
    ["id,qty,price", numbers, "n/a,not known,-"],
    ["id,qty,price", numbers, '"row 3","abc","\t "'],
    ["id,qty,price", numbers, "# a,b,c"],
    ["id,qty,price", numbers, "error,failed,timeout,again"],
    ["name,qty,price", named, "row 9,abc,odd"],
  ])("below %s does not end the table: %#", async (header, rows, odd) => {
    for (const gap of odd.startsWith("#") || odd.endsWith("again") ? [""] : ["", "\n"]) {
      const text = `${header}\n${rows.slice(0, 4).join("\n")}\n${gap}${odd}\n${gap}${rows.slice(4).join("\n")}\n`
      for (const options of [{}, { header: true } as const]) {
        const read = await readTable(csv(options), chunkedFile(text))
        expect([read.rows.length, read.notices], text).toEqual([9, []])
      }
    }
  })

  test("is the header of another table behind a gap, if the rows below it do not go on as those above began", async () => {
    for (const text of ["region,amount\nNorth,1\nSouth,2\n\nproduct,sold\nChair,5\nLamp,6\n", "a,b\n1,2\n3,4\n\nx,y,z\n5,6,7\n8,9,1\n"]) {
      const read = await readTable(csv(), chunkedFile(text))
      expect([read.rows.length, read.notices], text).toEqual([2, ["table.second"]])
    }
  })

  test("is a row of the table if blank cells are all that stands between it and the header", async () => {
    for (const text of ['code,note\n"",""\n"",!\nx,:\ny,1\n', "code,note\n,\n,open\nred,blue\ngreen,2\n"]) {
      const read = await readTable(csv({ header: true }), chunkedFile(text))
      expect([read.rows.length, read.notices], text).toEqual([4, []])
    }
  })
})
