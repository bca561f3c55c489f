import { describe, expect, test } from "vitest"
import { TimeOfDay } from "../../../src/model/time-of-day.ts"
import { Workbook } from "../../../src/parsers/xlsx/workbook.ts"
import { xlsx } from "../../../src/parsers/xlsx/xlsx.ts"
import { chunkedFile } from "../chunked-file.ts"
import { type ZipPart, zipBytes } from "../files/zip/zip-bytes.ts"
import { readTable } from "../read-table.ts"
import { cellsOf, readCells } from "./read-cells.ts"
import { declaration, mainNamespace, relationship, relationships, workbookBytes, workbookParts } from "./workbook-bytes.ts"

const one = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
const sketch = { rows: one, strings: ["found"] }
const found = { A1: "found" }

/** The parts of the workbook, some with another name. */
function renamed(names: { readonly [name: string]: string }, more: readonly ZipPart[] = []): Buffer {
  const parts = workbookParts(sketch).map((part) => ({ ...part, name: names[part.name] ?? part.name }))
  return zipBytes([...parts.filter(({ name }) => !more.some((part) => part.name === name)), ...more])
}

const related = (target: string) => ({
  name: "xl/_rels/workbook.xml.rels",
  content: relationships(
    relationship("rId1", "worksheet", target) +
      relationship("rId2", "sharedStrings", "sharedStrings.xml") +
      relationship("rId3", "styles", "styles.xml"),
  ),
})

describe("parts of a workbook", () => {
  test.each([
    ["odd/place.bin", "../odd/place.bin"],
    ["odd/place.bin", "/odd/place.bin"],
    ["xl/data.xml", "data.xml"],
    ["xl/data.xml", "./data.xml"],
    ["xl/worksheets/DATA.xml", "worksheets/data.XML"],
    ["xl/worksheets/data.xml", "worksheets\\data.xml"],
    ["xl\\worksheets\\data.xml", "/xl\\worksheets\\data.xml"],
    ["xl/my sheet.xml", "my%20sheet.xml"],
    ["xl/my%20sheet.xml", "my%20sheet.xml"],
    ["xl/my%20sheet.xml", "my sheet.xml"],
    ["sheets/data.xml", "sheets/data.xml"],
    ["xl/100%.xml", "100%.xml"],
    ["xl/worksheets/data.xml", "xl/worksheets/data.xml"],
    ["xl/Лист.xml", "Лист.xml"],
  ])("a sheet in %s is found by its relationship to %s", async (name, target) => {
    expect(await readCells(renamed({ "xl/worksheets/sheet1.xml": name }, [related(target)]))).toEqual(found)
  })

  test("styles and shared strings are found if the target from the root has no slash", async () => {
    const names = { "xl/styles.xml": "xl/odd/looks.xml", "xl/sharedStrings.xml": "texts.xml" }
    const elements = [
      relationship("rId1", "worksheet", "worksheets/sheet1.xml"),
      relationship("rId2", "sharedStrings", "texts.xml"),
      relationship("rId3", "styles", "xl/odd/looks.xml"),
    ]
    const own = { name: "xl/_rels/workbook.xml.rels", content: relationships(elements.join("")) }
    const parts = workbookParts({ rows: '<row><c t="s"><v>0</v></c><c s="1"><v>44197</v></c></row>', strings: ["a"], formats: [14] })
    const kept = parts
      .filter(({ name }) => name !== own.name)
      .map((part) => ({ ...part, name: new Map(Object.entries(names)).get(part.name) ?? part.name }))
    expect(await readCells(zipBytes([...kept, own]))).toEqual({ A1: "a", B1: new Date("2021-01-01") })
  })

  test("case does not matter in part names", async () => {
    const parts = workbookParts(sketch).map((part) => ({ ...part, name: part.name.toUpperCase() }))
    expect(await readCells(zipBytes(parts))).toEqual(found)
  })

  test("the workbook part may be in any folder", async () => {
    const root = { name: "_rels/.rels", content: relationships(relationship("x", "officeDocument", "/book/main.xml")) }
    const names = { "xl/workbook.xml": "book/main.xml", "xl/_rels/workbook.xml.rels": "book/_rels/main.xml.rels" }
    const own = { name: "book/_rels/main.xml.rels", content: related("/xl/worksheets/sheet1.xml").content.replaceAll('"s', '"/xl/s') }
    expect(await readCells(renamed(names, [root, own]))).toEqual(found)
  })

  test.each([
    [["_rels/.rels"]],
    [["[Content_Types].xml"]],
    [["xl/_rels/workbook.xml.rels"]],
    [["_rels/.rels", "[Content_Types].xml"]],
    [["_rels/.rels", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]],
    [["xl/styles.xml"]],
  ])("without %j the sheet can still be read", async (without) => {
    expect(await readCells(workbookBytes({ ...sketch, without }))).toEqual(found)
  })

  test("without relationships, sheets are found by the numbers in their names", async () => {
    const sheets = Array.from({ length: 11 }, (_, at) => ({ rows: `<row><c><v>${at + 1}</v></c></row>` }))
    const bytes = workbookBytes({ sheets, without: ["xl/_rels/workbook.xml.rels"] })
    for (const sheet of [0, 1, 9, 10]) expect(await readCells(bytes, { sheet })).toEqual({ A1: sheet + 1 })
  })

  test("in a strict workbook, days before March 1900 are those of their serials", async () => {
    const cell = (address: string, text: string) => `<c r="${address}" t="d"><v>${text}</v></c>`
    const rows = `<row r="1">${cell("A1", "1899-12-31")}${cell("B1", "1900-02-27T12:00:00")}${cell("C1", "1900-03-01")}${cell("D1", "1899-12-30T06:00:00")}</row>`
    const plain = workbookBytes({ rows })
    const strict = workbookParts({ rows }).map((part) => ({
      ...part,
      content: String(part.content).replaceAll(mainNamespace, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    }))
    expect(await readCells(plain)).toMatchObject({ A1: new Date("1899-12-31"), B1: new Date("1900-02-27T12:00:00Z") })
    expect(await readCells(zipBytes(strict))).toEqual({
      A1: new Date("1900-01-01"),
      B1: new Date("1900-02-28T12:00:00Z"),
      C1: new Date("1900-03-01"),
      D1: new TimeOfDay(21_600_000),
    })
  })

  test("strict workbooks and unknown or missing namespaces are read", async () => {
    const strict = workbookParts(sketch).map((part) => ({
      ...part,
      content: String(part.content)
        .replaceAll(mainNamespace, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replaceAll(
          "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
          "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    }))
    expect(await readCells(zipBytes(strict))).toEqual(found)
    for (const namespace of [' xmlns="urn:what"', ""]) {
      const parts = workbookParts(sketch).map((part) => ({
        ...part,
        content: String(part.content).replaceAll(` xmlns="${mainNamespace}"`, namespace),
      }))
      expect(await readCells(zipBytes(parts))).toEqual(found)
    }
  })

  test("elements may have any prefix, several prefixes, or none", async () => {
    const prefixed = (xml: string, prefix: string) =>
      xml.replaceAll(/<(\/?)(?!\?)/g, `<$1${prefix}:`).replace(`xmlns="${mainNamespace}"`, `xmlns:${prefix}="${mainNamespace}"`)
    for (const prefix of ["x", "ssml", "ns0"]) {
      const parts = workbookParts(sketch).map((part) =>
        part.name.startsWith("xl/") && !part.name.includes("_rels") ? { ...part, content: prefixed(String(part.content), prefix) } : part,
      )
      expect(await readCells(zipBytes(parts))).toEqual(found)
    }
    const xml = (attributes: string, rows: string) => `<worksheet ${attributes}><sheetData>${rows}</sheetData></worksheet>`
    const cells = await cellsOf({
      sheets: [
        {
          xml: xml(
            `xmlns="${mainNamespace}" xmlns:p="${mainNamespace}"`,
            '<p:row r="1"><c r="A1"><p:v>1</p:v></c><p:c r="B1"><v>2</v></p:c></p:row><row r="2"><c r="A2"><v>3</v></c></row>',
          ),
        },
      ],
    })
    expect(cells).toEqual({ A1: 1, B1: 2, A2: 3 })
  })

  test.each([
    ["a row", `<x:row xmlns:x="${mainNamespace}" r="3"><x:c><x:v>5</x:v></x:c></x:row>`],
    ["a cell", `<row r="3"><x:c xmlns:x="${mainNamespace}"><x:v>5</x:v></x:c></row>`],
    ["a value", `<row r="3"><c><x:v xmlns:x="${mainNamespace}">5</x:v></c></row>`],
  ])("a prefix may be bound at %s", async (_, rows) => {
    expect(await cellsOf({ rows })).toEqual({ A3: 5 })
  })

  test("elements within a prefixed root may make the namespace the default", async () => {
    const sheet = `<x:worksheet xmlns:x="${mainNamespace}"><sheetData xmlns="${mainNamespace}"><row r="3"><c t="s"><v>1</v></c></row></sheetData></x:worksheet>`
    const strings = `<x:sst xmlns:x="${mainNamespace}"><si xmlns="${mainNamespace}"><t>a</t></si><y:si xmlns:y="${mainNamespace}"><y:t>b</y:t></y:si></x:sst>`
    const cells = await cellsOf({ sheets: [{ xml: sheet }], parts: [{ name: "xl/sharedStrings.xml", content: strings }] })
    expect(cells).toEqual({ A3: "b" })
  })

  test("elements of other namespaces are not cells", async () => {
    const xml = `<worksheet xmlns="${mainNamespace}" xmlns:o="urn:other"><o:sheetData><o:row r="9"><o:c r="A9"><o:v>9</o:v></o:c></o:row></o:sheetData><sheetData><o:row r="8"/><row r="1"><o:c r="B1"><v>8</v></o:c><c r="A1"><o:v>7</o:v><v>1</v></c></row></sheetData></worksheet>`
    expect(await cellsOf({ sheets: [{ xml }] })).toEqual({ A1: 1 })
  })

  test("sheets are listed in order, with their kinds", async () => {
    const bytes = workbookBytes({
      sheets: [
        { name: "Data &amp; more" },
        { name: "H", state: "hidden" },
        { name: "V", state: "veryHidden" },
        { name: "Chart" },
        { name: "Gone" },
      ],
      parts: [
        {
          name: "xl/_rels/workbook.xml.rels",
          content: relationships(
            [1, 2, 3].map((at) => relationship(`rId${at}`, "worksheet", `worksheets/sheet${at}.xml`)).join("") +
              relationship("rId4", "chartsheet", "worksheets/sheet4.xml") +
              relationship("rId5", "worksheet", "worksheets/nowhere.xml"),
          ),
        },
      ],
    })
    await using workbook = await Workbook.open(chunkedFile(bytes))
    expect(workbook.sheets.map(({ name, hidden, kind, part }) => [name, hidden, kind, part === undefined])).toEqual([
      ["Data & more", false, "worksheet", false],
      ["H", true, "worksheet", false],
      ["V", true, "worksheet", false],
      ["Chart", false, "chartsheet", false],
      ["Gone", false, "worksheet", true],
    ])
    await expect(readCells(bytes, { sheet: 4 })).rejects.toMatchObject({ code: "FILE_CORRUPT", origin: { table: "Gone" } })
  })

  test("modules of old macros, which have no part, are not read as worksheets", async () => {
    const bytes = workbookBytes({
      sheets: [{ name: "Data", rows: "<row><c><v>1</v></c></row>" }],
      parts: [
        {
          name: "xl/workbook.xml",
          content: `<workbook xmlns="${mainNamespace}" xmlns:r="r"><sheets><sheet name="Data" r:id="rId1"/><sheet name="Module1" r:id=""/></sheets></workbook>`,
        },
      ],
    })
    await using workbook = await Workbook.open(chunkedFile(bytes))
    expect(workbook.sheets.map(({ name, kind }) => [name, kind])).toEqual([
      ["Data", "worksheet"],
      ["Module1", "module"],
    ])
    expect((await readTable(xlsx({ sheet: /(?:)/ }), chunkedFile(bytes))).rows).toEqual([[1]])
    await expect(readTable(xlsx({ sheet: "Module1" }), chunkedFile(bytes))).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  })

  test("a file of unknown size is read into memory, up to a limit", async () => {
    const { uri, stream } = chunkedFile(workbookBytes(sketch), 100)
    await using workbook = await Workbook.open({ uri, stream })
    expect(workbook.sheets.map(({ name }) => name)).toEqual(["Sheet1"])
    await expect(Workbook.open({ uri, stream }, { heldBytes: 500 })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: expect.stringContaining("limits.heldBytes"),
    })
  })

  test("pictures and other parts are never inflated", async () => {
    const broken = { name: "xl/media/image1.png", content: "x", stored: Buffer.from([255, 255]), bytes: 1000 }
    expect(await readCells(workbookBytes({ ...sketch, parts: [broken] }))).toEqual(found)
  })
})

describe("encodings of parts", () => {
  const sheet = `${declaration}<worksheet xmlns="${mainNamespace}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Zürich €</t></is></c></row></sheetData></worksheet>`
  const swapped = (text: string) => Buffer.from(text, "utf16le").swap16()

  test.each<[string, Uint8Array]>([
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${sheet}`)],
    ["UTF-16 LE with a mark", Buffer.from(`\ufeff${sheet.replace("UTF-8", "UTF-16")}`, "utf16le")],
    ["UTF-16 BE with a mark", swapped(`\ufeff${sheet}`)],
    ["UTF-16 LE without a mark", Buffer.from(sheet, "utf16le")],
    ["UTF-16 BE without a mark", swapped(sheet)],
    ["windows-1252 as declared", Buffer.from(sheet.replace("UTF-8", "windows-1252").replace("€", "\x80"), "latin1")],
    ["UTF-8 that declares UTF-16", Buffer.from(sheet.replace("UTF-8", "utf-16"))],
    ["a part without an XML declaration", Buffer.from(sheet.slice(declaration.length))],
    ["a part with white space before the root", Buffer.from(`\n \n${sheet.slice(declaration.length)}`)],
  ])("%s is read", async (_, xml) => {
    for (const chunkBytes of [1, 65_536]) {
      const parts = workbookParts({ sheets: [{ xml }] }).map((part) => ({ ...part, method: 0 }))
      expect(await readCells(zipBytes(parts), { chunkBytes })).toEqual({ A1: "Zürich €" })
    }
  })

  test.each<[string, Uint8Array]>([
    ["an unknown encoding", Buffer.from(sheet.replace("UTF-8", "UTF-7"))],
    ["UTF-32", Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 60])],
  ])("%s is refused", async (_, xml) => {
    await expect(cellsOf({ sheets: [{ xml }] })).rejects.toMatchObject({ code: "ENCODING_INVALID" })
  })

  test("a document type is refused in every part and every encoding", async () => {
    const evil = '<!DOCTYPE x [<!ENTITY a "b">]>'
    const refused = { code: "FILE_HOSTILE", message: expect.stringContaining("DTD") }
    for (const name of [
      "[Content_Types].xml",
      "_rels/.rels",
      "xl/workbook.xml",
      "xl/_rels/workbook.xml.rels",
      "xl/worksheets/sheet1.xml",
      "xl/styles.xml",
      "xl/sharedStrings.xml",
    ]) {
      const content = String(workbookParts(sketch).find((part) => part.name === name)?.content).replace("?>\n", `?>${evil}`)
      for (const bytes of [Buffer.from(content), Buffer.from(`\ufeff${content}`, "utf16le"), swapped(content)]) {
        await expect(readCells(workbookBytes({ ...sketch, parts: [{ name, content: bytes }] })), name).rejects.toMatchObject(refused)
      }
    }
    const within = sheet.replace("<sheetData>", `${evil}<sheetData>`)
    await expect(cellsOf({ sheets: [{ xml: within }] })).rejects.toMatchObject(refused)
    await expect(cellsOf({ sheets: [{ xml: sheet.replace("<row", "<!ENTITY><row") }] })).rejects.toMatchObject(refused)
  })
})

describe("broken parts", () => {
  const truncated = { code: "FILE_TRUNCATED" }

  test("XML that is cut off is FILE_TRUNCATED", async () => {
    const sheet = String(workbookParts(sketch).find(({ name }) => name.includes("sheet1"))?.content)
    for (const end of ["</sheetData>", "</row>", "</c>", "<row", "<sheetData>", "<worksheet"]) {
      const xml = sheet.slice(0, sheet.indexOf(end))
      await expect(cellsOf({ strings: ["a"], sheets: [{ xml }] }), end).rejects.toMatchObject(truncated)
    }
    const strings = String(workbookParts(sketch).find(({ name }) => name.includes("sharedStrings"))?.content)
    for (const end of ["</sst>", "</si>", "<si>"]) {
      const parts = [{ name: "xl/sharedStrings.xml", content: strings.slice(0, strings.indexOf(end)) }]
      await expect(cellsOf({ ...sketch, parts }), end).rejects.toMatchObject(truncated)
    }
    for (const name of ["xl/workbook.xml", "xl/styles.xml"]) {
      const content = String(workbookParts(sketch).find((part) => part.name === name)?.content).slice(0, -5)
      await expect(cellsOf({ ...sketch, parts: [{ name, content }] }), name).rejects.toMatchObject(truncated)
    }
  })

  test.each([
    '<row r="1"><c r="A1"><v>1</c><c r="B1"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v><c r="B1"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></c><c r="B1"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><row r="2"><c r="A2"><v>2</v></c></row>',
    '<row r="1"><c r="A1" t="str"><f>x</v><v>1</v></c></row>',
    '<row r="1"><c r="A1" t="str"><v>x&amp;<f>y</f>z</v></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>x</is></c><c r="B1"><v>2</v></c></row>',
  ])("cells that do not nest are refused, because other cells would seem to be inside them: %s", async (rows) => {
    await expect(cellsOf({ rows })).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  })

  test.each(["<si><t>a</si><si><t>b</t></si>", "<si><r><t>a</t></si><si><t>b</t></si>", "<si><t>a</t><si><t>b</t></si>"])(
    "texts that do not nest are refused, because cells would get the texts of others: %s",
    async (items) => {
      const content = `<sst xmlns="${mainNamespace}">${items}</sst>`
      const sketch = { rows: '<row><c t="s"><v>0</v></c></row>', parts: [{ name: "xl/sharedStrings.xml", content }] }
      await expect(cellsOf(sketch)).rejects.toMatchObject({ code: "FILE_CORRUPT" })
    },
  )

  test("a part that is not a sheet is refused instead of read as an empty table", async () => {
    for (const xml of ["<html><body/></html>", "<sst/>"])
      await expect(cellsOf({ sheets: [{ xml }] })).rejects.toMatchObject({ code: "FILE_CORRUPT" })
    for (const name of ["worksheet", "dialogsheet", "chartsheet", "xm:macrosheet"])
      expect(await cellsOf({ sheets: [{ xml: `<${name} xmlns:xm="${mainNamespace}"/>` }] })).toEqual({})
  })

  test("small parts with elements that do not nest are refused", async () => {
    const content = `<workbook xmlns="${mainNamespace}"><sheets></workbook></sheets>`
    await expect(cellsOf({ parts: [{ name: "xl/workbook.xml", content }] })).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  })

  test("a sheet without cells or without sheetData is empty", async () => {
    expect(await cellsOf({ rows: "" })).toEqual({})
    expect(await cellsOf({ sheets: [{ xml: `<worksheet xmlns="${mainNamespace}"><sheetData/></worksheet>` }] })).toEqual({})
    expect(await cellsOf({ sheets: [{ xml: `<worksheet xmlns="${mainNamespace}"><cols/></worksheet>` }] })).toEqual({})
    expect(await cellsOf({ sheets: [{ xml: `<worksheet xmlns="${mainNamespace}"/>` }] })).toEqual({})
  })

  test.each([
    ["depth of unknown elements", `<sheetData/>${"<a>".repeat(300)}`, undefined],
    ["depth before the cells", `${"<a>".repeat(300)}<sheetData/>`, "xmlDepth"],
    ["depth within a cell", `<sheetData><row><c r="A1"><v>1</v>${"<a>".repeat(300)}`, "xmlDepth"],
    ["depth within a text", `<sheetData><row><c t="inlineStr"><is>${"<r>".repeat(300)}`, "xmlDepth"],
    [
      "attributes of a cell",
      `<sheetData><row><c ${Array.from({ length: 300 }, (_, at) => `a${at}="1"`).join(" ")}><v>1</v></c>`,
      "xmlAttributes",
    ],
  ])("%s is limited", async (_, inner, option) => {
    const reading = cellsOf({ sheets: [{ xml: `<worksheet xmlns="${mainNamespace}">${inner}` }] })
    if (option === undefined) expect(await reading).toEqual({})
    else await expect(reading).rejects.toMatchObject({ code: "LIMIT_EXCEEDED", message: expect.stringContaining(`limits.${option}`) })
  })

  test("small parts are limited in depth, attributes and token size", async () => {
    const styles = (inner: string) =>
      cellsOf({ rows: one, strings: ["a"], parts: [{ name: "xl/styles.xml", content: `<styleSheet>${inner}` }] })
    const exceeded = (option: string) => ({ code: "LIMIT_EXCEEDED", message: expect.stringContaining(`limits.${option}`) })
    await expect(styles("<a>".repeat(300))).rejects.toMatchObject(exceeded("xmlDepth"))
    await expect(styles(`<a ${Array.from({ length: 300 }, (_, at) => `a${at}=""`).join(" ")}/>`)).rejects.toMatchObject(
      exceeded("xmlAttributes"),
    )
    await expect(styles(`<a b="${"x".repeat(2_000_000)}"/>`)).rejects.toMatchObject(exceeded("xmlTokenBytes"))
    await expect(styles(`<!--${"x".repeat(2_000_000)}-->`)).rejects.toMatchObject(exceeded("xmlTokenBytes"))
  })
})

describe("a file of another format read as a workbook", () => {
  const compound = (directory: string) =>
    Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(1000), Buffer.from(directory, "utf16le"), Buffer.alloc(3000)])

  test.each<[string, string, Uint8Array, string]>([
    ["an encrypted workbook", "FORMAT_ENCRYPTED", compound("EncryptedPackage"), "encrypted"],
    ["an old workbook", "FORMAT_UNSUPPORTED", compound("Workbook"), ".xls"],
    ["a binary workbook", "FORMAT_UNSUPPORTED", zipBytes([{ name: "xl/workbook.bin", content: "" }]), ".xlsb"],
    [
      "OpenDocument",
      "FORMAT_UNSUPPORTED",
      zipBytes([
        { name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet", method: 0 },
        { name: "content.xml", content: "" },
      ]),
      ".ods",
    ],
    ["a web page", "FORMAT_UNSUPPORTED", Buffer.from("<html><table><tr><td>1</td></tr></table>"), "web page"],
    ["a Word document", "FORMAT_UNSUPPORTED", zipBytes([{ name: "word/document.xml", content: "" }]), "Word"],
    ["a zip of other files", "FORMAT_UNKNOWN", zipBytes([{ name: "a.csv", content: "a,b" }]), "zip"],
    ["text", "FORMAT_UNKNOWN", Buffer.from("a,b\n1,2\n"), "zip"],
    ["nothing", "SOURCE_EMPTY", Buffer.alloc(0), "empty"],
  ])("%s is %s, and the error names the format and a remedy", async (_, code, bytes, word) => {
    await expect(readCells(bytes)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(word),
      remedy: expect.stringMatching(/.{10}/),
    })
  })
})
