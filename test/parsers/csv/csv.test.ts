import { describe, expect, test } from "vitest"
import type { SourceFile } from "../../../src/contract/source.ts"
import { csv, psv, tsv } from "../../../src/parsers/csv/csv.ts"
import type { CsvOptions } from "../../../src/parsers/csv/csv-options.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readContext, readTable } from "../read-table.ts"

const read = (text: string | Uint8Array, options: CsvOptions = {}) => readTable(csv(options), chunkedFile(text))

describe("fields", () => {
  test("are text, byte for byte, and an empty field is an empty text", async () => {
    const { header, rows, issues } = await read("id,name,note\n007, Ann ,\n2,Bert,x\n")
    expect(header).toEqual(["id", "name", "note"])
    expect(rows).toEqual([
      ["007", " Ann ", ""],
      ["2", "Bert", "x"],
    ])
    expect(issues).toEqual([])
  })

  test("are read without their quotes, and with doubled quotes as one", async () => {
    const { rows } = await read('a,b\r\n"x, y","say ""hi"""\r\n"two\r\nlines",""\r\n"""",plain\r\n')
    expect(rows).toEqual([
      ["x, y", 'say "hi"'],
      ["two\r\nlines", ""],
      ['"', "plain"],
    ])
  })

  test("keep a quote that is surrounded by other characters", async () => {
    const { rows, issues } = await read('item,width\npipe,5" and 3"\nrod,6"\n"beam",7"\n')
    expect(rows).toEqual([
      ["pipe", '5" and 3"'],
      ["rod", '6"'],
      ["beam", '7"'],
    ])
    expect(issues).toEqual([])
  })

  test("that contain NUL reject their row with its text; other control characters are text", async () => {
    const { rows, issues } = await read('a,b\n1,x\u0000y\n2,\u0007\n3,z\n4,"\u0000 ""q"""\n')
    expect(rows).toEqual([
      ["1", "x\u0000y"],
      ["2", "\u0007"],
      ["3", "z"],
      ["4", '\u0000 "q"'],
    ])
    expect(issues).toEqual(["0: text.nul", "3: text.nul"])
  })

  test("lose only the backslashes that escape something", async () => {
    const { rows } = await read('path,text\n"C:\\new","a \\"b\\" c"\n"\\N","d \\\\ \\"e\\""\n', { escape: "\\" })
    expect(rows).toEqual([
      ["C:\\new", 'a "b" c'],
      ["\\N", 'd \\ "e"'],
    ])
  })

  test("keep every backslash outside of quotes, even at the end of a line", async () => {
    const text = 'no,share,who\n1,\\\\host\\docs,"a \\"b\\""\n2,C:\\,"c, \\"d\\""\n3,E:\\,\\\n4,\\,\\N\n'
    for (const delimiter of [",", ";", "\t"]) {
      const { rows, issues } = await read(text.replaceAll(/,(?! )/g, delimiter))
      expect(issues).toEqual([])
      expect(rows).toEqual([
        ["1", "\\\\host\\docs", 'a "b"'],
        ["2", "C:\\", 'c, "d"'],
        ["3", "E:\\", "\\"],
        ["4", "\\", "\\N"],
      ])
    }
  })

  test("lose backslashes that escape a delimiter if the file has no quotes", async () => {
    const { rows } = await read("a,b\n1\\,5,C:\\new\n2,x\\\ny\n", { delimiter: ",", quote: null, escape: "\\" })
    expect(rows).toEqual([
      ["1,5", "C:\\new"],
      ["2", "x\ny"],
    ])
  })

  test("keep quotes that do not enclose them, with a warning", async () => {
    for (const delimiter of [",", ";", "|"]) {
      const row = (...fields: string[]) => `${fields.join(delimiter)}\n`
      const { rows, issues, batches } = await read(
        row("id", "title", "size") +
          row("1", '"Fresh" bread', "4") +
          row("2", '""Old"" cheese and ""wine""', "5") +
          row("3", '"Hg', "6") +
          row("4", "'tis", "7") +
          row("5", '3" wide', "8"),
      )
      expect(rows.map((cells) => cells[1])).toEqual(['"Fresh" bread', '""Old"" cheese and ""wine""', '"Hg', "'tis", '3" wide'])
      expect(issues).toEqual(["0: csv.stray_quote", "1: csv.stray_quote", "2: csv.stray_quote"])
      expect(batches[0]?.issues.of(0)).toMatchObject([{ severity: "warning" }])
    }
  })

  test("keep all quotes if few of them enclose a field, and a notice says so", async () => {
    for (const options of [{}, { header: false }]) {
      const text = '"ABC WATER"   | |2011\n"DEF" PUMPS AND PIPES| |2012\n"GHI TOOLS" LTD| |2015\n"JKL " INC| |2013\n'
      const { rows, issues, batches, notices } = await read(text, options)
      expect(rows.map((cells) => cells[0])).toEqual(['"ABC WATER"   ', '"DEF" PUMPS AND PIPES', '"GHI TOOLS" LTD', '"JKL " INC'])
      expect(issues).toEqual([])
      expect(notices).toContain("csv.literal_quotes")
      expect(batches[0]?.table.facts?.["quote"]).toMatchObject({ value: null })
    }
    const apostrophes = await read('1\t"_\'x — y\'_"\n2\t"_Fe\n3\t"_Cu\n4\t\'Ain\n')
    expect(apostrophes.rows.map((cells) => cells[1])).toEqual(["\"_'x — y'_\"", '"_Fe', '"_Cu', "'Ain"])
  })

  test("are separated by a delimiter of several characters, or beyond ASCII", async () => {
    for (const delimiter of ["||", "§", "<|>"])
      expect((await read(`id${delimiter}name\n1${delimiter}Ann\n2${delimiter}"B${delimiter}C"\n`, { delimiter })).rows).toEqual([
        ["1", "Ann"],
        ["2", `B${delimiter}C`],
      ])
  })
})

describe("records", () => {
  test("end in LF, CR LF or a lone CR, and the last one may lack its line end", async () => {
    for (const end of ["\n", "\r\n", "\r"])
      for (const last of [end, ""])
        expect((await read(`a,b${end}1,2${end}3,4${last}`)).rows).toEqual([
          ["1", "2"],
          ["3", "4"],
        ])
  })

  test("do not include blank lines, or rows of only delimiters that spreadsheets write at the end", async () => {
    const { rows, issues } = await read("a,b\n\n1,2\n   \n,\n3,4\n,\n,\n\n")
    expect(rows).toEqual([
      ["1", "2"],
      ["", ""],
      ["3", "4"],
    ])
    expect(issues).toEqual([])
  })

  test("may be empty in a table of one column, except at the end", async () => {
    expect((await read("name\nAnn\n\nBert\n\n\n")).rows).toEqual([["Ann"], [""], ["Bert"]])
  })

  test("have a record number, line and byte offset, counted across quotes, blank lines and comments", async () => {
    const text = '\ufeffid,note\n1,"two\nlines"\n\n# a comment\n2,ü\n3,x\n'
    const { batches } = await read(text)
    const origins = [0, 1, 2].map((row) => batches[0]?.origin(row))
    const at = (record: string) => Buffer.byteLength(text.slice(0, text.indexOf(record)))
    expect(origins).toEqual([
      { uri: "memory/file", row: 2, line: 2, offset: at('1,"two') },
      { uri: "memory/file", row: 3, line: 6, offset: at("2,ü") },
      { uri: "memory/file", row: 4, line: 7, offset: at("3,x") },
    ])
  })

  test("count escaped line ends, whatever batch they are in", async () => {
    const text = 'id,note\n1,"two\\\nlines"\n2,x\n3,y\n'
    for (const batchRows of [1, 2, 8192]) {
      const { batches } = await readTable(csv({ escape: "\\", delimiter: "," }), chunkedFile(text), { batchRows })
      expect(batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => batch.origin(row).line))).toEqual([2, 4, 5])
    }
  })

  test("have the same line numbers in any batches, even if one record has two lines and two others share one", async () => {
    const body = Array.from({ length: 12 }, (_, at) => `${at},name ${at},2024-01-${10 + at}\n`).join("")
    const text = `id,name,day\n${body}50,"two\nlines",2024-02-01\n51,a,2024-02-02\r52,b,2024-02-03\n53,c,2024-02-04\n`
    for (const batchRows of [1, 2, 8192]) {
      const { batches } = await readTable(csv(), chunkedFile(text), { batchRows })
      const lines = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => batch.origin(row).line))
      expect(lines.slice(11)).toEqual([13, 14, 16, 16, 17])
    }
  })

  test("have no byte offset if the file is not UTF-8", async () => {
    const { batches } = await read(Buffer.from("\ufeffa,b\n1,2\n", "utf16le"))
    expect(batches[0]?.origin(0)).toEqual({ uri: "memory/file", row: 2, line: 2 })
  })

  test("arrive in batches of as many rows and bytes as the context requests", async () => {
    const text = `a,b\n${Array.from({ length: 1000 }, (_, at) => `${at},${"x".repeat(100)}\n`).join("")}`
    const sizes = async (options: object) => (await readTable(csv(), chunkedFile(text), options)).batches.map((batch) => batch.length)
    expect(await sizes({ batchRows: 300 })).toEqual([300, 300, 300, 100])
    expect(Math.max(...(await sizes({ batchBytes: 20_000 })))).toBeLessThan(1000)
  })

  test("arrive in small batches first, each up to twice as large as the last, and no row is lost", async () => {
    const text = `a,b\n${Array.from({ length: 20_000 }, (_, at) => `${at},${"x".repeat(90)}\n`).join("")}`
    const { batches, rows } = await readTable(csv(), chunkedFile(text, 64 * 1024))
    const [first = 0, second = 0, ...rest] = batches.map(({ length }) => length)
    expect(batches[1]?.origin(0).offset).toBeLessThanOrEqual(128 * 1024)
    expect(second).toBeGreaterThan(first)
    expect(rest[0]).toBeGreaterThan(second)
    expect(rows.map(([id]) => Number(id))).toEqual(Array.from({ length: 20_000 }, (_, at) => at))
  })
})

describe("an irregular record", () => {
  const body = Array.from({ length: 12 }, (_, at) => `${at},name ${at},2024-01-${10 + at},${at}.5`).join("\n")
  const among = (record: string) => read(`id,name,day,amount\n${body}\n${record}\n99,last,2024-02-01,9.5\n`)

  test("is rejected with its text if it has too few or too many fields, and missing fields are null", async () => {
    for (const [record, cells] of [
      ["50,short", ["50", "short", null, null]],
      ["50,a,2024-01-01,1.5,more", ["50", "a", "2024-01-01", "1.5"]],
    ] as const) {
      const { rows, issues, batches } = await among(record)
      expect(issues).toEqual(["12: row.ragged"])
      expect(rows[12]).toEqual(cells)
      expect(rows[13]).toEqual(["99", "last", "2024-02-01", "9.5"])
      expect(batches[0]?.selection.has(12)).toBe(false)
      expect(batches[0]?.raw(12)).toEqual({ _raw: record })
    }
  })

  test("is kept with a warning on request", async () => {
    const { rows, batches } = await read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n", { ragged: "keep" })
    expect(rows).toEqual([
      ["1", "2", "3"],
      ["4", "5", null],
      ["6", "7", "8"],
    ])
    expect(batches[0]?.selection.size).toBe(3)
    expect(batches[0]?.issues.of(1)).toMatchObject([{ code: "row.ragged", severity: "warning", dimension: "validity" }])
  })

  test.each([
    ["csv.unquoted_delimiter", "50,Smith, John,2024-01-01,1.5", ["50", "Smith, John", "2024-01-01", "1.5"]],
    ["csv.other_delimiter", "50;Ann;2024-01-01;1.5", ["50", "Ann", "2024-01-01", "1.5"]],
    ["csv.trailing_delimiter", "50,Ann,2024-01-01,1.5,,", ["50", "Ann", "2024-01-01", "1.5"]],
    ["csv.trailing_delimiter", "50,Ann,2024-01-01,1.5, ", ["50", "Ann", "2024-01-01", "1.5"]],
    ["csv.stray_quote", '50,"Ann "the" Smith",2024-01-01,1.5', ["50", 'Ann "the" Smith', "2024-01-01", "1.5"]],
  ])("is read with the warning %s if the columns prove how", async (code, record, cells) => {
    const { rows, issues, batches } = await among(record)
    expect(issues).toEqual([`12: ${code}`])
    expect(rows[12]).toEqual(cells)
    expect(batches[0]?.selection.size).toBe(14)
  })

  test("is two records if a lone CR separates them", async () => {
    const { rows, issues } = await among('50,Ann,2024-01-01,1.5\r51,Bert,2024-01-02,"2.5"\r52,Carla,2024-01-03,3.5')
    expect(rows.slice(12, 15)).toEqual([
      ["50", "Ann", "2024-01-01", "1.5"],
      ["51", "Bert", "2024-01-02", "2.5"],
      ["52", "Carla", "2024-01-03", "3.5"],
    ])
    expect(issues).toEqual(["12: csv.line_end", "13: csv.line_end"])
  })

  test("loses a delimiter and a blank at its end if a column of two numbers shows that no field moved", async () => {
    const { rows, issues } = await read("w;x;y\n1; 2; 3; \n4;5;6\n7; 8; 9\n")
    expect(rows[0]).toEqual(["1", " 2", " 3"])
    expect(issues).toEqual(["0: csv.trailing_delimiter"])
    expect((await read("w;x;y\n1; 2;a; \n4;5;b\n7; 8;c\n")).issues).toEqual(["0: row.ragged"])
  })

  test("loses delimiters at its end, even if its last field is empty", async () => {
    const { rows, issues } = await read(
      "id,day,note\n1,2024-01-01,a\n2,2024-01-02,\n3,2024-01-03,,\n4,2024-01-04,b,\n5,2024-01-05,c\n6,,,d\n7,2024-01-05,\n",
    )
    expect(rows.slice(2, 4)).toEqual([
      ["3", "2024-01-03", ""],
      ["4", "2024-01-04", "b"],
    ])
    expect(issues).toEqual(["2: csv.trailing_delimiter", "3: csv.trailing_delimiter", "5: row.ragged"])
  })

  test("is never read by guesswork: it is rejected if a stray delimiter could belong to either of two fields", async () => {
    for (const record of ["50,,Ann,2024-01-01,1.5", "50,Ann,,2024-01-01,1.5"]) {
      const { issues } = await among(record)
      expect([record, issues]).toEqual([record, ["12: row.ragged"]])
    }
    const words = Array.from({ length: 12 }, () => "some,words").join("\n")
    expect((await read(`one,two\n${words}\na,b,c\n`)).issues).toEqual(["12: row.ragged"])
  })

  test("does not affect any other record if its quote is never closed", async () => {
    const { rows, issues, batches } = await among('49,"Zoe, Jr",2024-01-01,1.5\n50,"Ann,2024-01-01,1.5')
    expect(issues).toEqual(["13: csv.unclosed_quote"])
    expect(batches[0]?.raw(13)).toEqual({ _raw: '50,"Ann,2024-01-01,1.5' })
    expect(rows).toHaveLength(15)
    expect(rows[14]).toEqual(["99", "last", "2024-02-01", "9.5"])
    // If no other field is quoted, the quote is text.
    expect((await among('50,"Ann,2024-01-01,1.5')).issues).toEqual(["12: csv.stray_quote"])
    expect((await among('50,"Ann,2024-01-01')).issues).toEqual(["12: csv.unclosed_quote"])
  })

  test("lacks a delimiter if its quote opens in one field and closes in another", async () => {
    for (const record of ['50,Ann"Smith, John",2024-01-01', '50,Ann"Our 9"" rod, long",1.5', '50,Ann"a ""b"" c, ""d""",1.5'])
      expect([record, (await among(record)).issues]).toEqual([record, ["12: csv.stray_quote"]])
  })

  test("is rejected if it repeats the header", async () => {
    expect((await among("id,name,day,amount")).issues).toEqual(["12: header.repeated"])
    // Even before blank lines, which belong to no record, and on the last line of a file.
    expect((await among("id,name,day,amount\n\n\n")).issues).toEqual(["12: header.repeated"])
    const { issues, notices, batches } = await read('id,"name"\n1,a\n2,b\n3,c\n4,d\n5,e\n"id",name')
    expect([issues, notices]).toEqual([["5: header.repeated"], ["header.repeated"]])
    expect(batches[0]?.table.notices?.[0]).toMatchObject({
      row: 7,
      message: expect.stringContaining('Line 7 repeats the header: "\\"id\\",name"'),
    })
  })
})

describe("the table", () => {
  test("has its name, header, notices, and the evidence for how it was read", async () => {
    const { batches, notices } = await read("Report of 2024\n\nid;id;__proto__\n1;1,5;x\n2;2,5;y\n3;3,5;z\n4;4,5;w\n5;5,5;v\n")
    const table = batches[0]?.table
    expect(table).toMatchObject({ name: "file", header: ["id", "id_2", "__proto___column"] })
    expect(notices).toEqual(["header.duplicate", "header.reserved", "csv.preamble"])
    expect(table?.facts).toMatchObject({
      format: "csv",
      encoding: { value: "utf-8" },
      delimiter: { value: ";" },
      lineEnd: { value: "LF" },
      header: { value: 3 },
      preamble: { value: 1 },
      decimal: { value: ",", confidence: 1 },
    })
    const facts = Object.values(table?.facts ?? {}).filter((fact) => typeof fact === "object")
    expect(facts.length).toBeGreaterThan(6)
    for (const fact of facts) expect(fact).toMatchObject({ confidence: expect.any(Number), evidence: expect.any(String) })
  })

  test("with only a header is one empty batch", async () => {
    const { header, rows, batches } = await read("id,name\n")
    expect([header, rows, batches.map((batch) => batch.length)]).toEqual([["id", "name"], [], [0]])
  })

  test("without a header has numbered columns", async () => {
    expect(await read("1,Ann\n2,Bert\n3,Carla\n")).toMatchObject({
      header: ["column_1", "column_2"],
      notices: ["header.none"],
    })
    expect(await read("1,Ann\n2,Bert\n", { header: false })).toMatchObject({ notices: [] })
    expect((await read("name,city\nAnn,Rome\n", { header: false })).rows).toHaveLength(2)
  })

  test("has no column for a delimiter at the end of every record", async () => {
    const { header, rows, issues } = await read("a,b,\n1,2,\n3,4,\n5,6,x\n")
    expect(header).toEqual(["a", "b", "column_3"])
    expect(rows[2]).toEqual(["5", "6", "x"])
    expect(issues).toEqual([])
    const long = `a,b,\n${"1,2,\n".repeat(300_000)}3,4,beyond\n`
    const { header: names, issues: late } = await read(long)
    expect(names).toEqual(["a", "b"])
    expect(late).toEqual(["300000: row.ragged"])
  })

  test("has no columns for any number of delimiters at the end of records, whether or not the header has them", async () => {
    const expected = {
      header: ["country", "2018", "2019"],
      notices: [],
      issues: [],
      rows: [
        ["Oslo", "1", "2"],
        ["Rome", "", "4"],
        ["Paris", "5", ""],
      ],
    }
    for (const end of [",", ",,", ", ,"])
      for (const head of ["", end, ","])
        expect(await read(`country,2018,2019${head}\nOslo,1,2${end}\nRome,,4${end}\nParis,5,${end}\n`)).toMatchObject(expected)
    expect(await read("email\na@b.org,\nc@d.org,\n")).toMatchObject({ header: ["email"], rows: [["a@b.org"], ["c@d.org"]] })
    const { header, batches } = await read("a,b,,\n1,2,,\n")
    expect(header).toEqual(["a", "b"])
    expect(batches[0]?.table.facts?.["trailingDelimiter"]).toMatchObject({
      value: true,
      evidence: expect.stringContaining("last 2 fields"),
    })
    expect((await read("a,b,,\n1,2,,\n", { names: ["a", "b", "c", "d"] })).rows).toEqual([["1", "2", "", ""]])
  })

  test("accepts a record without these delimiters, and rejects one with a value after the last column", async () => {
    const lines = "1,2,,\n".repeat(1000)
    expect(await read(`a,b,,\n${lines}3,4\n5,6,\n`)).toMatchObject({ issues: [], rows: { 1000: ["3", "4"], 1001: ["5", "6"] } })
    const { issues, batches } = await read(`a,b,,\n${lines}3,4,x,\n5,"6"7",,y\n`)
    expect([...issues].sort()).toEqual(["1000: row.ragged", "1001: row.ragged"])
    expect(batches[0]?.raw(1001)).toEqual({ _raw: '5,"6"7",,y' })
  })

  test("has the delimiter that the first line declares, as in Excel", async () => {
    for (const line of ["sep=:", '"sep=:"', "SEP=:"]) {
      const { header, rows, batches } = await read(`${line}\r\nid:a,b\r\n1:2,3\r\n2:4,5\r\n`)
      expect(header).toEqual(["id", "a,b"])
      expect(rows[0]).toEqual(["1", "2,3"])
      expect(batches[0]?.table.facts?.["delimiter"]).toEqual({ value: ":", confidence: 1, evidence: "the first line says sep=:" })
      expect(batches[0]?.origin(0)).toMatchObject({ line: 3 })
    }
    expect((await read("sep=:\nid,a:b\n1,2:3\n", { delimiter: "," })).header).toEqual(["id", "a:b"])
    expect((await read("sep=\nx\ny\n")).rows).toContainEqual(["x"])
  })

  test("is split by the delimiter that respects quotes and other delimiters", async () => {
    const spaced = 'id customer amount\n1 "Smith, Ann" 1.5\n2 "Wu, Li" 22.0\n3 "Berg, Tom" 3.25\n'
    expect(await read(spaced)).toMatchObject({ header: ["id", "customer", "amount"], rows: { 1: ["2", "Wu, Li", "22.0"] } })
    expect((await read(" name , city , age \n Ann , Oslo , 33 \n Bob , Rome , 41 \n")).header).toEqual(["name", "city", "age"])
  })

  test("has the names of a header that uses a different delimiter than the rows", async () => {
    const rows = Array.from({ length: 9 }, (_, i) => `${i},Ann ${i},2024-01-0${i + 1}`).join("\n")
    for (const header of ["id;name;day", "id\tname\tday", "id|name|day"]) {
      const { header: names, rows: values, notices } = await read(`${header}\n${rows}\n`)
      expect(names).toEqual(["id", "name", "day"])
      expect(values).toHaveLength(9)
      expect(notices).toEqual([])
    }
    for (const title of ["Orders; all of them", "a;b;c;d", "1;2;3"])
      expect((await read(`${title}\n${rows}\n`)).notices, title).toContain("csv.preamble")
  })

  test("is the first of several tables in a file, whatever the width and length of the next", async () => {
    const first = Array.from({ length: 40 }, (_, i) => `${i},Ann Lee,${i}.5`)
    for (const [names, row] of [
      ["id,name,amount", (i: number) => `${i},Bo Ek,${i}`],
      ["id,name,amount,currency,day", (i: number) => `${i},Bo Ek,${i},EUR,2024-01-01`],
      ["name,amount", (i: number) => `Bo Ek,${i}`],
    ] as const) {
      const second = Array.from({ length: 20 }, (_, i) => row(i))
      const { header, rows } = await read(["id,name,amount", ...first, "", names, ...second, ""].join("\n"))
      expect(header, names).toEqual(["id", "name", "amount"])
      expect(rows.slice(0, 40).map((cells) => cells.join(","))).toEqual(first)
    }
  })

  test("is as wide as its header, and records that do not fit are rejected, however many they are", async () => {
    const long = await read("id,name,city,amount\n1,Ann,Oslo,5\n2,Smith, Bob,Riga,6\n4,Dan,Rom,7,extra\n")
    expect(long).toMatchObject({
      header: ["id", "name", "city", "amount"],
      rows: { 0: ["1", "Ann", "Oslo", "5"] },
      issues: ["1: row.ragged", "2: row.ragged"],
    })
    const all = await read("id,name,address\n1,Ann,Main St 1, Oslo\n2,Bob,Side St 2, Riga\n3,Cho,Old Rd 3, Bonn\n")
    expect(all).toMatchObject({ header: ["id", "name", "address"], issues: ["0: row.ragged", "1: row.ragged", "2: row.ragged"] })
    expect(all.notices).toEqual(["csv.header_width"])
    expect(all.batches[0]?.raw(1)).toEqual({ _raw: "2,Bob,Side St 2, Riga" })
  })

  test("keeps the fields that its header does not name if ragged records are kept", async () => {
    expect(await read("a,b\n1,x,2\n3,y,4\n5,z,6\n", { ragged: "keep" })).toMatchObject({
      header: ["a", "b", "column_3"],
      rows: { 0: ["1", "x", "2"] },
      notices: ["header.blank", "csv.header_width"],
    })
  })

  test("has empty columns for names that no record has fields for", async () => {
    expect((await read("a,b,c,d\n1,x,2\n3,y,4\n5,z,6\n")).rows[0]).toEqual(["1", "x", "2", null])
    expect((await read("worker,answer,seconds,paid,refused\nA1,yes,12\nA2,no,15\nA3,yes,9\n")).header).toEqual([
      "worker",
      "answer",
      "seconds",
      "paid",
      "refused",
    ])
  })

  test("ignores delimiters that its header has too many", async () => {
    expect((await read("a,,b,c\n1,x,2\n3,y,4\n5,z,6\n")).header).toEqual(["a", "b", "c"])
    const { header, rows } = await read("day,,count,price,note\n2024-01-01,5,1.5,\n2024-01-02,6,2.5,\n2024-01-03,7,3.5,\n")
    expect(header).toEqual(["day", "count", "price", "note"])
    expect(rows[0]).toEqual(["2024-01-01", "5", "1.5", ""])
  })

  test("has a first column without a name if its fields name the rows", async () => {
    expect((await read("size,weight\n1,3,4\n2,5,6\n3,7,8\n")).header).toEqual(["column_1", "size", "weight"])
    expect(await read('"u";"v"\n"x1";"1";"2"\n"x2";"1";"3"\n')).toMatchObject({
      header: ["column_1", "u", "v"],
      rows: { 1: ["x2", "1", "3"] },
    })
  })

  test("has a header even if a name is a year, as long as the codes below it, or stands above a row of words", async () => {
    expect((await read("land,2021\nMalta,M+27\nChad,C+16\nPeru,P+8\nOman,O+1\n")).header).toEqual(["land", "2021"])
    expect((await read("id,v\n1,1\nx,2\n1,y\n,z\nx,5\n")).rows).toHaveLength(5)
    expect(await read("park,visits,income\nNorth Park,under repair,closed\nHarbour,23824,17518\nHill,1200,900\n")).toMatchObject({
      header: ["park", "visits", "income"],
      rows: { 0: ["North Park", "under repair", "closed"] },
    })
  })

  test("rejects a ragged first record, with or without the option header", async () => {
    for (const options of [{}, { header: false }])
      expect(await read("1,2,3,x\n4,5,6\n7,8,9\n10,11,12\n", options)).toMatchObject({
        header: ["column_1", "column_2", "column_3"],
        issues: ["0: row.ragged"],
        notices: options.header === false ? [] : ["header.none"],
      })
  })

  test("counts the lines above it and quotes the first of them", async () => {
    const text = "# made by hand\nOrders of May;;\n;;\nfor: Ann;;\n\nid;name;amount\n1;x;5\n2;y;6\n"
    for (const options of [{}, { header: 6 }]) {
      const { header, rows, batches } = await read(text, options)
      expect([header, rows.length]).toEqual([["id", "name", "amount"], 2])
      expect(batches[0]?.table).toMatchObject({
        skippedAbove: options.header === undefined ? 2 : 3,
        notices: expect.arrayContaining([
          expect.objectContaining({
            code: "csv.preamble",
            row: options.header === undefined ? 2 : 1,
            message: expect.stringContaining("above the table"),
          }),
        ]),
      })
    }
    const notice = (await read(text)).batches[0]?.table.notices?.find(({ code }) => code === "csv.preamble")
    expect(notice?.message).toBe('2 lines above the table were skipped. The first is line 2: "Orders of May;;".')
  })

  test("begins with the header on the line that the option names, whatever that line looks like", async () => {
    const text = "id,name\n1,Ann\n2,Bert\n3,5\n4,6\n"
    expect(await read(text, { header: 3 })).toMatchObject({
      header: ["2", "Bert"],
      rows: [
        ["3", "5"],
        ["4", "6"],
      ],
    })
    expect((await read(text, { header: 3 })).batches[0]?.table).toMatchObject({ skippedAbove: 2 })
    expect((await read("a;b\n\nx,y,z\n1,2,3\n", { header: 3 })).header).toEqual(["x", "y", "z"])
    expect((await read("a,b\r1,2\rx,y\r3,4\r", { header: 3 })).rows).toEqual([["3", "4"]])
    expect((await read("made by hand\n#id,name\n1,Ann\n", { header: 2 })).header).toEqual(["#id", "name"])
    for (const line of [2, 9]) await expect(read("a,b\n\n1,2\n", { header: line })).rejects.toMatchObject({ code: "HEADER_NOT_FOUND" })
  })

  describe.each([
    ["a blank line", "id,amount\n1,5\n2,6\n\nid,name,city\n1,Ann,Oslo\n2,Bo,Rome\n3,Cy,Bonn\n", 4, "id,name,city"],
    ["a title", "id,amount,\n1,5,\n2,6,\n,,\nPeople,,\nid,name,city\n1,Ann,Oslo\n2,Bo,Rome\n3,Cy,Bonn\n", 5, "People,,"],
    ["another width", "id,amount\n1,5\n2,6\nid,name,born\n1,Ann,1990\n2,Bo,1991\n3,Cy,1992\n", 4, "id,name,born"],
  ])("that another one follows after %s", (_, text, skipped, first) => {
    test("ends there, and a notice tells what was not read", async () => {
      const { header, rows, issues, batches } = await read(text)
      expect([header, rows, issues]).toEqual([
        ["id", "amount"],
        [
          ["1", "5"],
          ["2", "6"],
        ],
        [],
      ])
      const { skippedAbove, notices = [] } = batches[0]?.table ?? {}
      expect(skippedAbove).toBe(skipped)
      expect(notices.map(({ code }) => code)).toEqual(["table.second"])
      expect(notices[0]?.message).toContain(JSON.stringify(first))
    })

    test("is read with it on request, each with its own names and places", async () => {
      const { batches } = await read(text, { tables: "all" })
      expect(batches.map(({ table }) => table.name)).toEqual(["file", "file (2)"])
      expect(batches.map(({ table }) => table.header.slice(0, 2))).toEqual([
        ["id", "amount"],
        ["id", "name"],
      ])
      expect(batches[1]?.length).toBe(3)
      const line = text.split("\n").findIndex((one) => one.startsWith("1,Ann")) + 1
      expect(batches[1]?.origin(0)).toMatchObject({ line, offset: text.indexOf("1,Ann") })
    })
  })

  test("counts the lines below it even if they go beyond the sample", async () => {
    const more = Array.from({ length: 50_000 }, (_, at) => `${at},Ann,Oslo\n\n`).join("")
    const { rows, batches } = await read(`id,amount\n1,5\n2,6\n\nid,name,city\n${more}`)
    expect(rows).toHaveLength(2)
    expect(batches[0]?.table.skippedAbove).toBe(50_001)
  })

  test("warns of totals and notes in its last rows, and drops them on request", async () => {
    const body = "Region,Units,Sales,Day\nNorth,5,10.5,2024-01-01\nSouth,6,11.5,2024-01-02\nEast,7,12.5,2024-01-03\n"
    for (const [footer, expected] of [
      ["Total,18,34.5,\n", ["table.total"]],
      [",,,\nGrand total:,18,34.5,\n", ["table.blank", "table.total"]],
      ["Subtotal,18,34.5,\n,,,\nSource: the shop,,,\n", ["table.total", "table.blank", "table.note"]],
      ["Summe,18,34.5,\n* without returns,,,\n", ["table.total", "table.note"]],
      [",18,34.5,\n", ["table.total"]],
    ] as const) {
      const { rows, issues, batches } = await read(body + footer)
      expect(issues.map((issue) => issue.split(" ")[1]).sort(), footer).toEqual([...expected].sort())
      expect([rows.length, batches[0]?.selection.size]).toEqual([3 + expected.length, 3 + expected.length])
      const dropped = await read(body + footer, { footer: "drop" })
      expect([dropped.batches[0]?.selection.size, dropped.issues]).toEqual([3, []])
    }
  })

  test("knows a total by its sum, or by its label in a column without text", async () => {
    for (const text of [
      "day,qty\n2025-01-05,5\n2025-01-06,7\n2025-01-07,1\nTotal,15\n",
      "name,amount\nAnn,5\nBo,6\nCy,7\nTotal,18\n",
      "Name;Betrag\nAnn;1.234,50 €\nBo;6,00 €\nCy;-7,25 €\nSumme;1.233,25 €\n",
      "name,amount\nAnn,5\nBo,6\n\nTotal,11\n",
      'name,amount\nAnn,5\n"Bo\n\nLee",6\n\nTotal,11\n',
      "name,amount\nAnn,$5.50\nBo,($2.25)\nCy,7\nTotal,$10.25\n",
    ])
      expect(
        (await read(text)).issues.map((issue) => issue.split(" ")[1]),
        text,
      ).toEqual(["table.total"])
  })

  test("has no footer if the last rows may be rows like the others", async () => {
    for (const text of [
      "name,amount\nAnn,5\nTotal SE,6\nTotals Inc,7\n",
      "name,amount,day\nTotal,6,2024-01-01\nAnn,5,2024-01-02\nTotal,7,2024-01-03\n",
      "name,note\nAnn,\nBo,\nSource,\n",
      "value\n1\n2\nTotal\n",
      "id,name,note\n1,Ann,x\n2,Bo,y\n3,,\n",
      "name,amount\nAnn,5\nBo,6\nCy,7\nTotal,17\n",
      "name,amount,day\nAnn,5,2024-01-01\nBo,6,2024-01-02\nCy,7,2024-01-03\n,17,\n",
      "name,amount,day\nAnn,0,2024-01-01\nBo,0,2024-01-02\nCy,0,2024-01-03\n,0,\n",
    ])
      expect((await read(text)).issues, text).toEqual([])
  })

  test("has a notice of the comments in it and above it", async () => {
    const noticesOf = async (text: string, options = {}) =>
      ((await read(text, options)).batches[0]?.table.notices ?? []).map(({ code, message }) => [code, message])
    expect(await noticesOf("# by hand\n# in May\nid,n\n1,2\n# note: check\n3,4\n")).toEqual([
      ["csv.comment", '3 lines are comments and were skipped. The first is line 1: "# by hand".'],
    ])
    expect(await noticesOf("id,n\n1,2\n# check\n3,4\n5,6\n")).toEqual([["csv.comment", 'Line 3 is a comment and was skipped: "# check".']])
    expect(await noticesOf("# by hand\nid,n\n1,2\n3,4\n", { comment: "#" })).toEqual([])
    expect(await noticesOf("tag,n\n#red,1\n#blue,2\n")).toEqual([])
  })

  test("of addresses has no header that is an address", async () => {
    for (const text of ["https://a.com\nhttps://b.com/x\nhttp://c.org:8080/\n", "ann@x.com\nbo@y.org\ncy.z@w.net\n"]) {
      const { header, rows } = await read(text)
      expect([header, rows.length], text).toEqual([["column_1"], 3])
    }
    expect((await read("http://schema.org/name,http://schema.org/age\nAnn,5\nBo,6\n")).rows).toHaveLength(2)
  })

  test("ends at a gap before the names of another table, although it is as wide", async () => {
    for (const [text, rows, line] of [
      ["id,name\n1,Ann\n2,Bob\n\nsku,price\nx1,5.5\nx2,6.5\n", 2, 5],
      ["Table 1\nid,name\n1,Ann\n2,Bob\n\nTable 2\nsku,price\nx1,5.5\nx2,6.5\n", 2, 6],
    ] as const) {
      const { header, rows: read1, batches } = await read(text)
      expect([header, read1.length]).toEqual([["id", "name"], rows])
      expect(batches[0]?.table.notices).toContainEqual(expect.objectContaining({ code: "table.second", row: line }))
    }
  })

  test("is not ended by a row of texts, a gap, or lines of another width", async () => {
    for (const text of [
      "name,city\nAnn,Oslo\n\nBo,Rome\nCy,Bonn\n",
      "id,name\n1,Ann\n2\n3,Bo\n4,Cy,x\nx,y,z\n5,Di\n",
      "id,amount\n1,5\n\nn/a,none\n3,7\n4,8\n",
      "name,city,note\n,,\nAnn,Oslo,\nBo,Rome,\n",
    ])
      expect((await read(text)).notices, text).toEqual([])
  })

  test("of one column stays one: a delimiter has to separate the header too", async () => {
    for (const [name, ...texts] of [
      ["link", "https://a.org/x", "https://b.org/y", "ftp://c.org/z"],
      ["street", "Hill St 5", "Lake St 7", "Elm St 9"],
      ["phone", "+44 20 1234", "+44 30 9999"],
      ["remarks", "a;b;c", "x;y;z"],
      ["name", "Smith, Ann", "Wu, Li", "Berg, Tom"],
    ])
      expect(await read([name, ...texts, ""].join("\n"))).toMatchObject({ header: [name], rows: texts.map((text) => [text]), notices: [] })
  })

  test("has rows that begin with a hash unless the other lines prove them to be comments", async () => {
    expect(await read("colour\n#ff0000\n#00ff00\n")).toMatchObject({ header: ["colour"], rows: [["#ff0000"], ["#00ff00"]] })
    expect((await read("#ff0000\n#00ff00\n")).rows.length).toBeGreaterThan(0)
    expect((await read("# by hand\ncolour\nred\ngreen\n")).rows).toEqual([["red"], ["green"]])
    expect((await read("colour\nred\n# the next is new\ngreen\n")).rows).toEqual([["red"], ["green"]])
  })
})

describe("options", () => {
  const text = "# made by hand\n'a'|'b'\n1|'x|y'\n2|it''s\n"

  test("are detected, and can be declared one by one", async () => {
    for (const options of [
      {},
      { delimiter: "|" },
      { quote: "'" },
      { comment: "#" },
      { header: 2 },
      { header: true },
      { skipLines: 1 },
    ] as CsvOptions[])
      expect([options, (await read(text, options)).rows]).toEqual([
        options,
        [
          ["1", "x|y"],
          ["2", "it''s"],
        ],
      ])
    expect((await read(text, { quote: null, skipLines: 1 })).header).toEqual(["'a'", "'b'"])
    expect((await read("a;b\n1,5;2\n", { delimiter: "," })).header).toEqual(["a;b"])
  })

  test("declare whether spaces after delimiters are ignored, and whether consecutive delimiters count as one", async () => {
    const padded = "id, name, age\n1, Ann, 33\n2, Bert, 41\n"
    expect((await read(padded)).rows[0]).toEqual(["1", "Ann", "33"])
    expect((await read(padded, { padding: false })).rows[0]).toEqual(["1", " Ann", " 33"])
    expect((await read("id,name\n1, Ann\n2,Bert\n3,Tom\n", { padding: true })).rows[0]).toEqual(["1", "Ann"])
    const aligned = "id  name  age\n1   Ann   33\n22  Bert  41\n"
    expect((await read(aligned)).rows[1]).toEqual(["22", "Bert", "41"])
    expect((await read(aligned, { delimiter: " ", collapsed: false })).rows[1]).not.toEqual(["22", "Bert", "41"])
    const { rows, batches } = await read("id\t\tname\tage\n1\tAnn\t\t33\n", { delimiter: "\t", collapsed: true })
    expect(rows).toEqual([["1", "Ann", "33"]])
    expect(batches[0]?.table.facts?.["collapsed"]).toEqual({ value: true, confidence: 1, evidence: "declared" })
  })

  test("declare where the header is, how many records it has, and the names of the columns", async () => {
    const sheet = "junk,junk\nx,y\n1,2\n3,4\n"
    expect(await read(sheet, { header: 2 })).toMatchObject({
      header: ["x", "y"],
      rows: [
        ["1", "2"],
        ["3", "4"],
      ],
    })
    expect((await read(sheet, { header: 1, headerRows: 2 })).header).toEqual(["junk x", "junk y"])
    expect((await read(sheet, { header: 2, names: ["first", "second"] })).header).toEqual(["first", "second"])
    await expect(read(sheet, { header: 9 })).rejects.toMatchObject({ code: "HEADER_NOT_FOUND", origin: { row: 9 } })
  })

  test("set the delimiter of tsv and psv", async () => {
    expect((await readTable(tsv(), chunkedFile("a\tb,c\n1\t2,3\n"))).rows).toEqual([["1", "2,3"]])
    expect((await readTable(psv(), chunkedFile("a|b,c\n1|2,3\n"))).rows).toEqual([["1", "2,3"]])
  })

  test("that are invalid are refused by name before anything is read", () => {
    const wrong: CsvOptions[] = [{ delimiter: "" }, { delimiter: "a\n" }, { quote: "''" }, { quote: "é" }, { escape: "" }, { comment: "" }]
    wrong.push(
      { quote: ",", delimiter: "," },
      { header: 0 },
      { headerRows: 0 },
      { skipLines: -1 },
      { limits: { columns: 0 } },
      { encoding: "klingon" },
    )
    for (const options of wrong)
      expect(() => csv(options), JSON.stringify(options)).toThrowError(expect.objectContaining({ code: "CONFIG_INVALID" }))
  })
})

describe("bytes of another encoding", () => {
  test("in a row of UTF-8 reject that row, with a suggestion of what they mean", async () => {
    const good = "1,größe,x\n".repeat(20)
    const bytes = Buffer.concat([Buffer.from(`id,word,z\n${good}`), Buffer.from("2,gr\xf6\xdfe,y\n", "latin1"), Buffer.from(good)])
    const { rows, issues, batches } = await read(bytes)
    expect(issues).toEqual(["20: text.invalid_utf8"])
    expect(rows[20]).toEqual(["2", "gr\ufffd\ufffde", "y"])
    expect(batches[0]?.issues.of(20)).toMatchObject([{ severity: "error", suggestion: "In Windows-1252 the row is: größe" }])
    expect(rows[21]).toEqual(["1", "größe", "x"])
  })

  test("reject their row even among few characters of UTF-8, which they would turn into mojibake", async () => {
    const few = Buffer.concat([Buffer.from("id,name\n1,Zoë\n2,Émile\n"), Buffer.from("3,J\xfcrgen\n", "latin1")])
    const { rows, issues } = await read(few)
    expect(rows.slice(0, 2)).toEqual([
      ["1", "Zoë"],
      ["2", "Émile"],
    ])
    expect(issues).toEqual(["2: text.invalid_utf8"])
  })

  test("that could be in several encodings are read in one, and a notice quotes how the others would read them", async () => {
    const bytes = Buffer.from("id;name\n1;Anna\n2;Ferg\xf5\n", "latin1")
    const { notices, batches } = await read(bytes)
    expect(notices).toContain("encoding.doubt")
    expect(batches[0]?.table.notices?.[0]).toMatchObject({
      row: 3,
      message: expect.stringContaining('In windows-1250, line 3 is "2;Fergő" instead of "2;Fergõ".'),
    })
    expect((await read(bytes, { encoding: "windows-1250" })).notices).toEqual([])
    expect((await read(Buffer.from("id;name\n1;Anna\n2;Jos\xe9\n3;Jos\xe9e\n4;Ren\xe9\n", "latin1"))).notices).toEqual([])
  })

  test("are read if they are declared", async () => {
    const cyrillic = Uint8Array.of(0xcc, 0xee, 0xf1, 0xea, 0xe2, 0xe0)
    const bytes = Buffer.concat([Buffer.from("id,city\n1,"), cyrillic, Buffer.from("\n")])
    expect((await read(bytes, { encoding: "windows-1251" })).rows).toEqual([["1", "Москва"]])
    expect((await read(bytes, { encoding: "utf-8" })).issues).toEqual(["0: text.invalid_utf8"])
  })

  test("that a declared encoding does not define reject their row", async () => {
    const bytes = Buffer.concat([Buffer.from("id,city\n1,"), Uint8Array.of(0x83, 0x65, 0x83), Buffer.from("\n2,ok\n")])
    expect((await read(bytes, { encoding: "shift_jis" })).issues).toEqual(["0: text.undecodable"])
  })

  test.each(["utf-16", "utf-16le", "utf-16be"])("that are ASCII, but declared as %s, are refused", async (encoding) => {
    const refused = { code: "ENCODING_INVALID", message: expect.stringContaining("but it begins with 12 bytes of ASCII") }
    await expect(read(Buffer.from("id,name\n1,A\n"), { encoding })).rejects.toMatchObject(refused)
    const order = encoding.endsWith("be") ? "be" : "le"
    const wide = Buffer.from("id,name\n1,A\n", "utf16le")
    expect((await read(order === "be" ? wide.swap16() : wide, { encoding })).rows).toEqual([["1", "A"]])
  })

  test("that are UTF-32 are refused by name", async () => {
    await expect(read(Uint8Array.of(0xff, 0xfe, 0, 0, 65, 0, 0, 0))).rejects.toMatchObject({ code: "ENCODING_INVALID" })
  })
})

describe("what cannot be read", () => {
  test("is refused if the file has no text", async () => {
    for (const text of ["", "\ufeff", " \n\r\n"])
      await expect(read(text)).rejects.toMatchObject({ code: "SOURCE_EMPTY", origin: { uri: "memory/file" } })
  })

  test("is refused with the limit, value and option if fields, records or columns exceed the limits", async () => {
    const long = `a,b\n1,${"x".repeat(5000)}\n`
    await expect(read(long, { limits: { cellBytes: 1000 } })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: expect.stringMatching(/bytes or more in a field; the limit is 1000 \(limits\.cellBytes\)/),
    })
    await expect(read(`a,b\n${long.slice(4)}1,2\n3,4\n`, { limits: { recordBytes: 1000 } })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    })
    await expect(read(`a,b\n1,2\n${",".repeat(100)}\n`, { limits: { columns: 50 } })).rejects.toMatchObject({
      message: expect.stringContaining("limits.columns"),
    })
    expect((await read(long, { limits: { cellBytes: 5000 } })).rows[0]?.[1]).toHaveLength(5000)
  })

  test("stops with the signal, and the file is closed, as it is when the reader stops early", async () => {
    let closed = 0
    const endless: SourceFile = {
      uri: "endless",
      async *stream() {
        try {
          for (yield Buffer.from("a,b\n"); ; ) yield Buffer.from("1,2\n".repeat(10_000))
        } finally {
          closed++
        }
      },
    }
    const controller = new AbortController()
    const reading = async (stop: () => void, context = readContext()) => {
      for await (const batch of csv().parse(endless, context)) if (batch.length > 0) return stop()
    }
    await reading(() => {})
    expect(closed).toBe(1)
    const aborted = async () => {
      for await (const _ of csv().parse(endless, readContext({ signal: controller.signal }))) controller.abort()
    }
    await expect(aborted()).rejects.toMatchObject({ name: "AbortError" })
    expect(closed).toBe(2)
  })
})

test("a table of thousands of columns begins with a batch of many rows, because each column has a cost per batch", async () => {
  const line = (of: (at: number) => string) => `${Array.from({ length: 4000 }, (_, at) => of(at)).join(",")}\n`
  const { rows, batches } = await read(line((at) => `c${at}`) + line((at) => (at % 2 === 0 ? `${at}` : `"a${at}"`)).repeat(100))
  expect(rows).toHaveLength(100)
  for (const row of rows) expect([row[0], row[3998], row[3999]]).toEqual(["0", "3998", "a3999"])
  expect(batches[0]?.length).toBeGreaterThan(10)
})
