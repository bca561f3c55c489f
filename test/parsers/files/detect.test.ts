import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"
import { csv } from "../../../src/parsers/csv/csv.ts"
import { detect } from "../../../src/parsers/files/detect/detect.ts"
import { json } from "../../../src/parsers/json/json.ts"
import { ndjson } from "../../../src/parsers/json/ndjson.ts"
import { chunkedFile } from "../chunked-file.ts"
import { readTable } from "../read-table.ts"

function formatOf(content: string | Uint8Array, name?: string): string {
  try {
    return detect(typeof content === "string" ? Buffer.from(content) : content, name).format
  } catch (error) {
    if (error instanceof RowgateError) return error.code
    throw error
  }
}

/** The head of a zip file: local headers of entries, without data. */
function zipHead(...names: readonly string[]): Buffer {
  return Buffer.concat(
    names.map((name) => {
      const header = Buffer.alloc(30)
      header.write("PK\x03\x04", "latin1")
      header.writeUInt16LE(name.length, 26)
      return Buffer.concat([header, Buffer.from(name)])
    }),
  )
}

/** A compound file: its signature, then the names in its directory. */
function compoundFile(...streams: readonly string[]): Buffer {
  return Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(504), ...streams.map((name) => Buffer.from(name, "utf16le"))])
}

/** The header of a dBase table, and a row of spaces. */
function dbase(...fields: readonly string[]): Buffer {
  const header = Buffer.alloc(32 + 32 * fields.length + 1)
  header.set([3, 124, 11, 23, 1])
  header.writeUInt16LE(header.length, 8)
  for (const [at, name] of fields.entries()) header.write(`${name.padEnd(11, "\0")}C`, 32 + 32 * at, "latin1")
  header[header.length - 1] = 0x0d
  return Buffer.concat([header, Buffer.alloc(20, " ")])
}

test.each([
  ["a,b\n1,2\n", "csv"],
  ["name\nAda\n", "csv"],
  ['"id","name"\n1,x\n', "csv"],
  ["[id],[name]\n1,x\n", "csv"],
  ["[1],[2]\n[3],[4]\n", "csv"],
  ["{id},name\n1,x\n", "csv"],
  ["ORCID,name\n1,x\n", "csv"],
  ["ID;PRICE\n1;2\n", "csv"],
  ["ID;P\nB12;X\n", "csv"],
  ["TABLE\n0,1\n", "csv"],
  ["PARENT,name\n1,x\n", "csv"],
  ["PAR1,PAR2\n1,x\n", "csv"],
  ["a;b\n1;caf\xe9\n", "csv"],
  ["<5,>5\n1,2\n", "csv"],
  ["42\n43\n", "csv"],
  ['[{"a":1}]', "json"],
  ['\ufeff \n[ {"a": 1} ]', "json"],
  ["[]", "json"],
  ['[["a","b"],[1,2]]', "json"],
  ['{\n  "a": 1\n}', "json"],
  ['{\n  "a": 1\n}\n{\n  "a": 2\n}\n', "json"],
  ['{"data":[{"a":1}]}', "json"],
  ['[{"a":1},', "json"],
  ['[{"a":1]', "json"],
  ['{"a":1}', "ndjson"],
  ['{"a":1}\n{"a":2}\n', "ndjson"],
  ['{"a":[1,2]}\r\n\r\n{"a":2}\n', "ndjson"],
  ['{"a":1,}\n{"a":2}\n', "ndjson"],
  ['{"id":1,"tags":[]}', "ndjson"],
  ['{"id":1,"tags":["x","y"],"langs":["a","b"]}', "ndjson"],
  ['{"data":[],"page":{"n":0}}', "json"],
  ['{"id":[1,2],"name":["a","b"]}', "json"],
  ['{"a":1}\nnope\n{"a":2}\n', "ndjson"],
  ['["a","b"]\n[1,2]\n', "ndjson"],
  ["PAR1\x15\x04", "parquet"],
])("%j is detected as %s", (content, format) => {
  expect(formatOf(Buffer.from(content, content.includes("\xe9") ? "latin1" : "utf8"))).toBe(format)
})

test("a JSON record longer than the head is told from a JSON document", () => {
  const long = "x".repeat(70_000)
  expect(formatOf(Buffer.from(`{"a":1,"b":"${long}"}`).subarray(0, 65_536))).toBe("ndjson")
  expect(formatOf(Buffer.from(`{"data":[{"b":"${long}"}]}`).subarray(0, 65_536))).toBe("json")
  expect(formatOf(Buffer.from(`{\n"b":"${long}"}`).subarray(0, 65_536))).toBe("json")
  expect(formatOf(Buffer.from(`[{"b":"${long}"}]`).subarray(0, 65_536))).toBe("json")
})

test("UTF-16 is recognised as text, with and without a byte order mark", () => {
  expect(formatOf(Buffer.from("\ufeffname\tage\r\nAda\t36\r\n", "utf16le"))).toBe("csv")
  expect(formatOf(Buffer.from("name\tage\r\nAda\t36\r\n", "utf16le"))).toBe("csv")
  expect(formatOf(Buffer.from("\ufeffname\tage\r\n", "utf16le").swap16())).toBe("csv")
  expect(formatOf(Buffer.from('\ufeff[{"a":1}]', "utf16le"))).toBe("json")
})

test.each([
  ["with a mark", "\ufeffid;name\n"],
  ["without a mark", "id;name\n"],
  ["as JSON", '[{"a":1}]'],
])("UTF-32 text %s is refused in either byte order, and the error names the encoding", async (_, text) => {
  const bigEndian = Buffer.concat([...text].map((character) => Buffer.from([0, 0, 0, 0]).fill(character.charCodeAt(0), 3)))
  if (text.startsWith("\ufeff")) bigEndian.writeUInt32BE(0xfeff)
  for (const bytes of [bigEndian, Buffer.from(bigEndian).swap32()]) {
    expect(formatOf(bytes)).toBe("ENCODING_INVALID")
    for (const parser of [csv(), json(), ndjson()])
      await expect(readTable(parser, chunkedFile(bytes, 3))).rejects.toMatchObject({
        code: "ENCODING_INVALID",
        message: expect.stringMatching(/UTF-32[LB]E/),
        remedy: expect.stringContaining("UTF-8"),
      })
  }
})

test("a workbook is told from a zip of files by the names of the entries", () => {
  expect(formatOf(zipHead("[Content_Types].xml", "xl/workbook.xml"))).toBe("xlsx")
  expect(formatOf(zipHead("xl\\workbook.xml"))).toBe("xlsx")
  expect(formatOf(zipHead("orders.csv"))).toBe("zip")
  for (const mark of ["PK00", "PK\x07\x08"]) expect(formatOf(Buffer.concat([Buffer.from(mark), zipHead("xl/workbook.xml")]))).toBe("xlsx")
  expect(formatOf(gzipSync("a,b"))).toBe("gzip")
})

test.each([
  ["an encrypted workbook", compoundFile("Root Entry", "EncryptionInfo", "EncryptedPackage"), "FORMAT_ENCRYPTED", /remove the password/],
  ["an old workbook", compoundFile("Root Entry", "Workbook"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["an old Word document", compoundFile("Root Entry", "WordDocument"), "FORMAT_UNSUPPORTED", /spreadsheet/],
  ["a Visio drawing", compoundFile("Root Entry", "VisioDocument"), "FORMAT_UNSUPPORTED", /spreadsheet/],
  ["some other compound file", compoundFile("Root Entry", "MatOST"), "FORMAT_UNSUPPORTED", /Save its table/],
  ["a SYLK file", Buffer.from("ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K1\r\nE\r\n"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["a DIF file", Buffer.from('TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n'), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["a dBase table", dbase("NAME", "AGE"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["a Lotus worksheet", Buffer.from("0000020006040600", "hex"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  [
    "a Gnumeric workbook",
    Buffer.from('<?xml version="1.0"?><gnm:Workbook xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'),
    "FORMAT_UNSUPPORTED",
    /save it as \.xlsx/,
  ],
  ["a workbook of Excel 4", Buffer.from("09040600000010000000", "hex"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["a binary workbook", zipHead("[Content_Types].xml", "xl/workbook.bin"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["an OpenDocument file", zipHead("mimetype", "content.xml"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["a Word document", zipHead("[Content_Types].xml", "word/document.xml"), "FORMAT_UNSUPPORTED", /spreadsheet/],
  ["a PDF", Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3", "latin1"), "FORMAT_UNSUPPORTED", /spreadsheet or csv/],
  ["a web page", Buffer.from("<html><body><table><tr><td>1</td></tr></table>"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["a bare table of a web page", Buffer.from("\n <!-- x --><TABLE border=1>"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  [
    "an XML Spreadsheet 2003",
    Buffer.from('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'),
    "FORMAT_UNSUPPORTED",
    /save it as \.xlsx/,
  ],
  ["another XML", Buffer.from('<?xml version="1.0"?><orders/>'), "FORMAT_UNSUPPORTED", /Convert it/],
  ["a web archive", Buffer.from("MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["a web archive by Excel", Buffer.from("From: <Saved by Microsoft Excel 15>\r\n"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["a PDF document after a blank line", Buffer.from("\n%PDF-1.4\n"), "FORMAT_UNSUPPORTED", /Ask the sender for the table/],
  ["an RTF document", Buffer.from("{\\rtf1\\ansi a}"), "FORMAT_UNSUPPORTED", /save it as \.xlsx/],
  ["an ORC file", Buffer.from("ORC\x08\x03"), "FORMAT_UNSUPPORTED", /Convert it/],
  ["an encrypted parquet file", Buffer.from("PARE\x15\x04"), "FORMAT_ENCRYPTED", /without encryption/],
  [
    "an encrypted parquet file, the length of its first part a letter",
    Buffer.from("PARE-\0\0\0\xe4u"),
    "FORMAT_ENCRYPTED",
    /without encryption/,
  ],
  ["a zstandard file", Buffer.from("28b52ffd00", "hex"), "FORMAT_UNSUPPORTED", /Unpack it/],
  ["a picture", Buffer.from("89504e470d0a1a0a", "hex"), "FORMAT_UNSUPPORTED", /Ask the sender for the table/],
])("the error for %s names the format and has a remedy", (_, content, code, remedy) => {
  try {
    detect(content, "orders.xls")
    expect.unreachable()
  } catch (error) {
    if (!(error instanceof RowgateError)) throw error
    expect(error.code).toBe(code)
    expect(error.remedy).toMatch(remedy)
    expect(error.message).toMatch(/^The file orders\.xls is an? /)
  }
})

test.each(["~$orders.xlsx", "~$Budget 2024.XLS", ".~lock.orders.xlsx#"])("the lock file %s is refused by its name", (name) => {
  const lock = Buffer.from("\u0003Eva            \u0003E\0v\0a\0 \0")
  expect(() => detect(lock, name)).toThrow(
    expect.objectContaining({ code: "FORMAT_UNSUPPORTED", message: expect.stringContaining("is the lock file of a workbook") }),
  )
  expect(detect(Buffer.from("id,name\n1,Ann\n"), name.slice(2).replace(/^lock.|#$/g, "")).format).toBe("csv")
})

test("other bytes are FORMAT_UNKNOWN, and an empty file is SOURCE_EMPTY", () => {
  expect(formatOf(Uint8Array.from({ length: 500 }, (_, at) => (at * 7919) & 255))).toBe("FORMAT_UNKNOWN")
  expect(formatOf(Uint8Array.of(0, 1, 2, 3, 255, 254))).toBe("FORMAT_UNKNOWN")
  expect(formatOf("")).toBe("SOURCE_EMPTY")
})

test("one control character may delimit fields, but text cannot have several", () => {
  expect(detect(Buffer.from("id\u0001name\n1\u0001Ann\n2\u0001Bert\n")).format).toBe("csv")
  expect(() => detect(Buffer.from("id\u0001\u0002\u0003name\n1\u0004\u0005Ann\n2\u0006Bert\n"))).toThrow("neither text")
  expect(() => detect(Buffer.from("id\u0000name\n1\u0000Ann\n2\u0000Bert\n"))).toThrow("neither text")
})

test("a single NUL in a csv does not make it binary", () => {
  expect(formatOf("id,name\n1,a\0b\n2,c\n3,d\n4,e\n5,f\n")).toBe("csv")
})

test.each([
  ["orders.csv", '[{"a":1}]', 1],
  ["orders.csv.xlsx", "a,b\n1,2", 1],
  ["orders.gz", "a,b\n1,2", 1],
  ["orders.json", '{"a":1}\n{"a":2}', 0],
  ["orders.tsv", "a\tb", 0],
  ["orders.txt", '[{"a":1}]', 0],
  ["orders", "a,b", 0],
])("%s with the content %j gives %i notices about the extension", (name, content, count) => {
  expect(detect(Buffer.from(content), name).notices.map(({ code }) => code)).toEqual(new Array(count).fill("format.extension"))
})
