import { expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

test("a declared delimiter that never occurs is told, if the first line has another one", async () => {
  const noticesOf = async (text: string, delimiter: string | null) => (await readTable(csv({ delimiter }), chunkedFile(text))).notices
  expect(await noticesOf("a,b\n1,2\n3,4\n", ";")).toEqual(["csv.delimiter"])
  expect(await noticesOf("a,b\n1,2\n3,4\n", "\\t")).toEqual(["csv.delimiter"])
  expect(await noticesOf("a\n1\n3\n", ",")).toEqual([])
  expect(await noticesOf("a,b\n1,2\n3,4\n", ",")).toEqual([])
  expect(await noticesOf("a,b\n1,2\n3,4\n", null)).toEqual([])
  expect(await noticesOf("a,b\nx;y,2\n", ";")).not.toContain("csv.delimiter")
})
