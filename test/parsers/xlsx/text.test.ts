import { describe, expect, test } from "vitest"
import { zipBytes } from "../files/zip/zip-bytes.ts"
import { cellsOf, readCells } from "./read-cells.ts"
import { workbookParts } from "./workbook-bytes.ts"

const shared = (count: number) => `<row r="1">${Array.from({ length: count }, (_, at) => `<c t="s"><v>${at}</v></c>`).join("")}</row>`

/** The same texts, read from shared strings and from inline strings. */
async function textsOf(...items: string[]): Promise<unknown[]> {
  const wrapped = items.map((item) => (item.startsWith("<") ? item : `<t>${item}</t>`))
  const asShared = Object.values(await cellsOf({ strings: wrapped, rows: shared(items.length) }))
  const inline = wrapped.map((item) => `<c t="inlineStr"><is>${item}</is></c>`).join("")
  expect(Object.values(await cellsOf({ rows: `<row r="1">${inline}</row>` }))).toEqual(asShared)
  return asShared
}

describe("texts", () => {
  test("rich text is the text of its runs, without phonetic runs", async () => {
    expect(
      await textsOf(
        '<r><rPr><b/><sz val="11"/></rPr><t>bold</t></r><r><t xml:space="preserve"> plain</t></r>',
        "<t>課きく</t><rPh sb='0' eb='1'><t>カ</t></rPh><phoneticPr fontId='1'/>",
        "<r><t>東京</t></r><rPh sb='0' eb='2'><t>トウ</t><t>キョウ</t></rPh><r><t>都</t></r>",
        "<rPh><t>only phonetic</t></rPh>",
      ),
    ).toEqual(["bold plain", "課きく", "東京都", ""])
  })

  test("white space is kept, with or without xml:space", async () => {
    expect(await textsOf("  a  ", '<t xml:space="preserve"> b </t>', "a\nb", "a\tb", "\u00a0c\u00a0")).toEqual([
      "  a  ",
      " b ",
      "a\nb",
      "a\tb",
      "\u00a0c\u00a0",
    ])
  })

  test("line ends become line feeds, but references to carriage returns stay", async () => {
    expect(await textsOf("a\r\nb\rc", "a&#13;b", "a_x000D_\nb", "&#10;")).toEqual(["a\nb\nc", "a\rb", "a\r\nb", "\n"])
  })

  test('references are replaced once, and any other "&" stays', async () => {
    expect(
      await textsOf(
        "&lt;a&gt; &amp;amp; &quot;&apos;",
        "&#65;&#x42;&#x1F600;",
        "&amp;lt;",
        "&nbsp; & &;",
        "&#x110000;",
        "&#55357;&#56832;",
      ),
    ).toEqual(["<a> &amp; \"'", "AB😀", "&lt;", "&nbsp; & &;", "\ufffd", "😀"])
  })

  test("escapes of characters that XML cannot hold are decoded once", async () => {
    expect(await textsOf("a_x0041_b", "_x005F_x0041_", "_x41_ _x004_ x0041_ _X004a_", "_xD83D__xDE00_", "_x0009_")).toEqual([
      "aAb",
      "_x0041_",
      "_x41_ _x004_ x0041_ _X004a_",
      "😀",
      "\t",
    ])
  })

  test("CDATA, comments and empty elements are read", async () => {
    expect(await textsOf("<t><![CDATA[a<b&amp;]]>c<!-- d -->e</t>", "<t/>", "<t></t>", "<t>a</t><t>b</t>", "<r><t/></r>")).toEqual([
      "a<b&amp;ce",
      "",
      "",
      "ab",
      "",
    ])
  })

  test("empty items and items without text count, so that indexes stay right", async () => {
    const sst =
      '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si/><si></si><si><phoneticPr fontId="0"/></si><si><t>d</t></si></sst>'
    const cells = await cellsOf({ rows: shared(4), parts: [{ name: "xl/sharedStrings.xml", content: sst }] })
    expect(Object.values(cells)).toEqual(["", "", "", "d"])
  })

  test.each([['count="0" uniqueCount="0"'], ['count="999999999" uniqueCount="999999999"'], ['count="-1" uniqueCount="x"'], [""]])(
    "wrong counts (%s) are ignored",
    async (counts) => {
      const sst = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ${counts}><si><t>a</t></si><si><t>b</t></si></sst>`
      expect(Object.values(await cellsOf({ rows: shared(2), parts: [{ name: "xl/sharedStrings.xml", content: sst }] }))).toEqual(["a", "b"])
    },
  )

  test("texts beyond the memory limit are read from a temporary file", async () => {
    const strings = Array.from({ length: 5000 }, (_, at) => `text ${at} ${"ü☕".repeat(at % 40)}`)
    const rows = Array.from({ length: 5000 }, (_, at) => `<row><c t="s"><v>${(at * 7919) % 5000}</v></c></row>`).join("")
    const kept = await cellsOf({ strings, rows })
    const spilled = await cellsOf({ strings, rows }, { limits: { sharedStringMemory: 1000 } })
    expect(spilled).toEqual(kept)
    expect(spilled["A2"]).toBe(strings[7919 % 5000])
  })

  test("only bytes that are not valid UTF-8 become replacement characters", async () => {
    const parts = workbookParts({ rows: shared(3), strings: ["a", "b", "c"] }).map((part) =>
      part.name === "xl/sharedStrings.xml"
        ? { ...part, content: Buffer.from(String(part.content).replace(">b<", ">M\u00fcnchen<"), "latin1") }
        : part,
    )
    expect(Object.values(await readCells(zipBytes(parts)))).toEqual(["a", "M\ufffdnchen", "c"])
  })

  test("an invalid text does not change the thousands of texts around it", async () => {
    const strings = Array.from({ length: 2000 }, (_, at) => (at === 700 || at === 701 ? `<t>?${at}?</t>` : `text ${at} &amp; more`))
    const parts = workbookParts({ rows: shared(2000), strings }).map((part) => {
      if (part.name !== "xl/sharedStrings.xml") return part
      const content = Buffer.from(String(part.content).replace("?700?", "\u00c3").replace("?701?", "\u00a9"), "latin1")
      return { ...part, content }
    })
    const expected = strings.map((text, at) => (text.startsWith("<") ? "\ufffd" : `text ${at} & more`))
    expect(Object.values(await readCells(zipBytes(parts)))).toEqual(expected)
  })

  test("thousands of items of all forms are read in any order", async () => {
    const forms = ["plain", "", "Müller", '<t xml:space="preserve"> wide </t>', "a &lt; b", "a_x0041_", "snake_case", "&#9731;", "<t/>"]
    forms.push("<r><t>rich</t></r>", "<t ><![CDATA[x]]></t>", '<t xml:space="default">y</t>', "z".repeat(300), "a&#0;")
    const items = Array.from({ length: 3000 }, (_, at) => forms[(at * at + at) % 23] ?? `row ${at}`)
    const texts = await textsOf(...items)
    expect(texts.filter((text) => text === "snake_case")).toHaveLength(items.filter((item) => item === "snake_case").length)
  })

  test("a text above limits.cellBytes is refused, and the error names the option", async () => {
    const long = "x".repeat(1024 * 1024 + 1)
    const refused = { code: "LIMIT_EXCEEDED", message: expect.stringContaining("limits.cellBytes") }
    await expect(cellsOf({ strings: [long], rows: shared(1) })).rejects.toMatchObject(refused)
    await expect(cellsOf({ rows: `<row><c t="inlineStr"><is><t>${long}</t></is></c></row>` })).rejects.toMatchObject(refused)
    await expect(cellsOf({ rows: `<row><c t="str"><v>${long}</v></c></row>` })).rejects.toMatchObject(refused)
    const cells = await cellsOf({ strings: [long], rows: shared(1) }, { limits: { cellBytes: 2 * 1024 * 1024 } })
    expect(String(cells["A1"])).toHaveLength(long.length)
  })
})

test("items of betas of Excel 2007 are read", async () => {
  const content =
    '<sst xmlns="http://schemas.microsoft.com/office/excel/2006/2"><sstItem><t>a</t></sstItem><sstItem><t>b</t></sstItem></sst>'
  const parts = [{ name: "xl/sharedStrings.xml", content }]
  expect(await cellsOf({ rows: '<row r="1"><c r="A1" t="s"><v>1</v></c></row>', parts })).toEqual({ A1: "b" })
})
