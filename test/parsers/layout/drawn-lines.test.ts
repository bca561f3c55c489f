import { describe, expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

async function suspects(text: string): Promise<readonly string[]> {
  const { issues } = await readTable(csv(), chunkedFile(text))
  return [...issues].sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))
}

describe("a drawn line", () => {
  test.each([
    ["a;b;c\n1;x;2\n--;----;---\n2;y;3\n", 1],
    ["a,b,c\n--,----,---\n1,x,2\n2,y,3\n3,z,3\n", 0],
    ["|a|b|\n|---|---:|\n|1|x|\n|2|y|\n|3|z|\n", 0],
    ["a\tb\n1\t2\n3\t4\n====\t====\n4\t6\n", 2],
  ])("is told as no row: %j", async (text, row) => {
    expect(await suspects(text)).toEqual([`${row}: table.note`])
  })

  test("is not seen in dashes that stand for missing values", async () => {
    expect(await suspects("a;b;c\n1;x;2\n--;--;--\n2;y;---\n3;y;4\n")).toEqual([])
  })

  test("has notes below it, whatever they begin with", async () => {
    const rows = "land;n;m\nA;1;2\nB;3;4\nC;5;6\n"
    expect(await suspects(`${rows}__________;;\nFinal results, from the census of 2011.;;\n© Office of Numbers;;\n`)).toEqual([
      "3: table.note",
      "4: table.note",
      "5: table.note",
    ])
    expect(await suspects(`${rows}__________\nFinal results, from the census of 2011.;;\n© Office of Numbers;;\n`)).toEqual([
      "3: row.ragged",
      "4: table.note",
      "5: table.note",
    ])
  })
})

describe("the row below the header", () => {
  const rows = Array.from({ length: 7 }, (_, at) => `${at + 1},2025-01-0${at + 1},x,y,z\n`).join("")

  test("is told if it has names where all others have no values, or none where all others have some", async () => {
    expect(await suspects(`id,when,q,a,b\n,,Response,Red,Green\n${rows}`)).toEqual(["0: table.header"])
    expect(await suspects(`id,when,q,a,b\nnumber of it,date of it,question,first answer,other answer\n${rows}`)).toEqual([
      "0: table.header",
    ])
  })

  test("is a row if it lacks some values, or has a bad one", async () => {
    for (const first of ["1,,foo,bar,baz", ",2025-01-01,foo,bar,baz", "abc,2025-01-01,foo,bar,baz", ",,foo,,", ",,x,x,x"])
      expect(await suspects(`id,when,q,a,b\n${first}\n${rows}`), first).toEqual([])
    expect(await suspects(`id,when,q,a,b\n,,Response,Red,Green\n,,Other,Blue,Green\n${rows}`)).toEqual([])
  })
})
