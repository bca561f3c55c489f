import { expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

test("each record that ends in CR LF stands right below the one above it", async () => {
  const text = "a,b,c\n1,5,7\n2,6,8\nid,no,none at all\n3,7,9\n4,8,10\n"
  for (const lines of [text, text.replaceAll("\n", "\r\n"), text.replaceAll("\n", "\r")]) {
    const { rows, notices } = await readTable(csv(), chunkedFile(lines))
    expect([rows.length, notices], JSON.stringify(lines)).toEqual([5, []])
  }
})

test("a second table behind a blank line with CR LF ends the first", async () => {
  const text = 'Group,Users,New,Rate\nA,"1.2","1.0",4\nB,9,8,5\n,10,9,4\n\nDay,Users\n01.01.25,7\n02.01.25,8\n03.01.25,6\n'
  for (const lines of [text, text.replaceAll("\n", "\r\n")]) {
    const { header, notices } = await readTable(csv(), chunkedFile(lines))
    expect([header, notices], JSON.stringify(lines)).toEqual([["Group", "Users", "New", "Rate"], ["table.second"]])
  }
})
