import { expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

const read = (text: string | Uint8Array, options = {}) => readTable(csv(options), chunkedFile(text))

test("a plain file is read into text columns, an empty field being an empty text", async () => {
  const { header, rows, issues } = await read("id,name,note\n1,Ann,\n2,Bert,x\n")
  expect(header).toEqual(["id", "name", "note"])
  expect(rows).toEqual([
    ["1", "Ann", ""],
    ["2", "Bert", "x"],
  ])
  expect(issues).toEqual([])
})

test("quotes, doubled quotes, delimiters and line ends within quotes are undone", async () => {
  const { rows } = await read('a,b\r\n"x, y","say ""hi"""\r\n"two\r\nlines",""\r\n"""",plain\r\n')
  expect(rows).toEqual([
    ["x, y", 'say "hi"'],
    ["two\r\nlines", ""],
    ['"', "plain"],
  ])
})
