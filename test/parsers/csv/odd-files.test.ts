import { describe, expect, test } from "vitest"
import { csv } from "../../../src/parsers/csv/csv.ts"
import type { CsvOptions } from "../../../src/parsers/csv/csv-options.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

function read(text: string, options: CsvOptions = {}) {
  return readTable(csv(options), chunkedFile(text, 4096))
}

describe("a header", () => {
  test("may lack some of its names", async () => {
    for (const [text, header] of [
      ["id,,name,\n1,x,Ann,y\n2,z,Bob,w\n", ["id", "column_2", "name", "column_4"]],
      ["id;;amount;\n1;5;10;7\n2;6;20;8\n3;7;30;9\n", ["id", "column_2", "amount", "column_4"]],
      ["My report\nid,,name,\n1,x,Ann,y\n2,z,Bob,w\n", ["id", "column_2", "name", "column_4"]],
    ] as const)
      expect((await read(text)).header, text).toEqual(header)
    expect((await read("Report,,2024,\n1,x,Ann,y\n2,z,Bob,w\n")).header[0]).toBe("column_1")
  })

  test("may have numbers that count up beside a name", async () => {
    const months = Array.from({ length: 12 }, (_, at) => at + 1)
    for (const text of [
      "sku,1,2,3\nA,5,6,7\nB,7,8,9\n",
      `Artikel;${months.join(";")}\nA;${months.map((n) => n * 7).join(";")}\nB;${months.map((n) => n * 9).join(";")}\n`,
      `hour,0,1,2,3,4,5,6\nMonday,${[3, 1, 4, 1, 5, 9, 2].join(",")}\nTuesday,${[2, 7, 1, 8, 2, 8, 1].join(",")}\n`,
    ])
      expect([(await read(text)).notices, (await read(text)).rows.length], text).toEqual([[], 2])
    for (const text of ["A,1,2,3\nB,4,5,6\nC,7,8,9\n", "Ann,1,2\nBob,1,2\nCy,5,2\n", "1,2,3\n5,6,9\n7,8,9\n"])
      expect((await read(text)).notices, text).toEqual(["header.none"])
  })

  test("tells of decimal commas without quotes in the records", async () => {
    for (const text of [
      "a,b\n1,5,2,5\n3,5,4,5\n",
      "name,a,b\nAnn,1,5,2,5\nBo,-3,25,4,75\n",
      "city,price\nRome,2,5\nOslo,4,5\nBonn,3,25\n",
    ]) {
      const { notices, batches } = await read(text)
      expect(notices, text).toEqual(["csv.header_width", "csv.decimal_comma"])
      expect(batches[0]?.selection.size).toBe(0)
    }
    for (const text of ["a,b\n1,5\n3,5\n", "a;b\n1;5;2;5\n3;5;4;5\n", '"a","b"\n"x",1,2\n"y",3,4\n'])
      expect((await read(text)).notices, text).not.toContain("csv.decimal_comma")
  })

  test("may stand below comments while a hash in the rows is data", async () => {
    const { header, rows } = await read("# made by x\n# on y\n# z\nid,name\n#1,Ann\nB2,Bob\nC2,Cy\n")
    expect([header, rows.length]).toEqual([["id", "name"], 3])
    expect((await read("# made by x\nid,name\n1,Ann\n# checked\n2,Bob\n")).notices).toEqual(["csv.comment"])
  })
})

describe("a colon or a space", () => {
  test("separates no times, words or lines of a log", async () => {
    for (const text of [
      "12:30:01 started\n12:30:02 stopped\n12:31:07 started\n",
      "12:30:01 started\n12:30:02 stopped well\n12:31:07 started\n12:31:08 a b c\n",
      "2024-01-05 12:30:01 INFO started\n2024-01-05 12:30:02 INFO stopped\n2024-01-05 12:30:09 WARN odd\n",
      "12:30\n12:31\n12:45\n",
    ])
      expect([(await read(text)).header, (await read(text)).rows.length], text).toEqual([["column_1"], text.trim().split("\n").length])
    expect((await read("ERROR: disk full\nINFO: started\nWARN: low memory\n")).header).toHaveLength(1)
    expect((await read("street\nHill St 5\nLake St 7\nElm St 9\n")).header).toEqual(["street"])
  })

  test("separates fields that are values, many, aligned, or below names", async () => {
    for (const [text, width] of [
      ["name:age\nAnn:5\nBo:6\n", 2],
      ["name age\nAnn 5\nBo 6\n", 2],
      ["x y\n1 2\n3 4\n", 2],
      ["root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\nlp:x:4:7:lp:/var:/sbin/nologin\n", 7],
      ["id  name   v\n1   Ann    5\n2   Bo     7\n", 3],
      ["time event\n12:30:01 started\n12:30:02 stopped\n", 2],
    ] as const)
      expect((await read(text)).header, text).toHaveLength(width)
    expect((await read("a:b\nx:y\n", { delimiter: ":" })).header).toEqual(["a", "b"])
  })
})

describe("spaces around fields", () => {
  test("are left out on both sides, and a notice says so unless they follow the delimiters as in prose", async () => {
    for (const [text, notices] of [
      ["id, name, x\n1, Ann, 2\n2, Bob, 3\n", []],
      ["id ,name ,x \n1 ,Ann ,2 \n2 ,Bob ,3 \n", ["csv.padding"]],
      ["id   ;name      ;x\n1    ;Ann       ;2\n2    ;Bob       ;3\n", ["csv.padding"]],
      ["id | name | x\n1 | Ann | 2\n2 | Bob | 3\n", []],
    ] as const) {
      const { header, rows, notices: found } = await read(text)
      expect([header, rows, found], text).toEqual([
        ["id", "name", "x"],
        [
          ["1", "Ann", "2"],
          ["2", "Bob", "3"],
        ],
        notices,
      ])
    }
    expect((await read("id ,name\n1 ,Ann\n", { padding: false })).rows).toEqual([["1 ", "Ann"]])
    expect((await read('id, name\n1, "Ann " \n2, " B"\n')).rows).toEqual([
      ["1", "Ann "],
      ["2", " B"],
    ])
    expect((await read("id,name\n1, a\n2,b \n3,c\n")).rows).toEqual([
      ["1", " a"],
      ["2", "b "],
      ["3", "c"],
    ])
  })
})
