import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { detectEncoding } from "../../../src/parsers/encoding/detect-encoding.ts"
import { encodingName } from "../../../src/parsers/encoding/encoding-name.ts"
import { singleByteTable } from "../../../src/parsers/encoding/single-byte-table.ts"
import { toUtf8 } from "../../../src/parsers/encoding/to-utf8.ts"

const bytesOf = (text: string, encoding: string): Uint8Array => {
  const table = singleByteTable(encoding) ?? ""
  return Uint8Array.from([...text].map((character) => (character < "\u0080" ? character.charCodeAt(0) : 128 + table.indexOf(character))))
}

const converted = (bytes: Uint8Array, encoding: string, chunk = bytes.length): string => {
  const converter = toUtf8(encoding)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += chunk)
    parts.push(converter?.convert(bytes.subarray(at, at + chunk)) ?? bytes.subarray(at, at + chunk))
  if (converter !== undefined) parts.push(converter.finish())
  return Buffer.concat(parts).toString()
}

describe("encodings by name", () => {
  test("every name of the standard has its canonical name", () => {
    expect(["UTF8", "latin1", "ascii", "cp1251", "sjis", "ISO-8859-16", "unicode"].map(encodingName)).toEqual([
      "utf-8",
      "windows-1252",
      "windows-1252",
      "windows-1251",
      "shift_jis",
      "iso-8859-16",
      "utf-16le",
    ])
    expect(() => encodingName("ebcdic")).toThrowError(expect.objectContaining({ code: "CONFIG_INVALID" }))
  })

  test("Windows-1252 has characters in place of Latin-1's control characters", () => {
    expect(converted(Uint8Array.of(0x80, 0x92, 0x93, 0xe9, 0x41), "windows-1252")).toBe("€’“éA")
  })

  test("iso-8859-16 is known although ICU does not know it", () => {
    expect(singleByteTable("iso-8859-16")?.length).toBe(128)
    expect(converted(Uint8Array.of(0xa4, 0xaa, 0xbd, 0xfe), "iso-8859-16")).toBe("€ȘœțE".slice(0, 4))
  })

  test("a single-byte encoding is read like a TextDecoder reads it", () => {
    const all = Uint8Array.from({ length: 256 }, (_, at) => at)
    for (const encoding of ["koi8-r", "windows-1250", "windows-1251", "iso-8859-15", "macintosh", "windows-874"])
      expect(converted(all, encoding)).toBe(new TextDecoder(encoding).decode(all))
  })

  test("characters that a chunk cuts in two arrive complete", () => {
    const text = "größe, 日本, 𝒳\n".repeat(5)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (chunk) => {
        expect(converted(Buffer.from(text, "utf16le"), "utf-16le", chunk)).toBe(text)
        expect(converted(Buffer.from(text, "utf16le").swap16(), "utf-16be", chunk)).toBe(text)
        expect(converted(Uint8Array.of(0x83, 0x65, 0x83, 0x58), "shift_jis", chunk)).toBe("テス")
      }),
    )
  })
})

describe("declared DOS code pages", () => {
  test.each([
    ["cp437", "ibm437", "818a8287a5e1f1", "üèéçÑß±"],
    ["IBM850", "ibm850", "818a82b5d0e1d5", "üèéÁðßı"],
    ["852", "ibm852", "9d88a5a9abe4bd", "ŁłąęźńŻ"],
    ["cp00858", "ibm858", "81d5", "ü€"],
  ])("%s is %s", (label, name, hex, text) => {
    expect(encodingName(label)).toBe(name)
    const converter = toUtf8(name)
    expect(Buffer.from(converter?.convert(Buffer.from(hex, "hex")) ?? []).toString()).toBe(text)
  })

  test("numbers of other code pages are unknown", () => {
    expect(() => encodingName("cp999")).toThrow('The encoding "cp999" is unknown.')
    expect(encodingName("cp1252")).toBe("windows-1252")
  })
})

describe("detected encodings", () => {
  const csv = (line: string) => `id,name,note\n${Array.from({ length: 20 }, (_, i) => `${i},${line},ok`).join("\n")}\n`

  test.each([
    ["windows-1252", "Müller à Genève, señor “Núñez” – 5 € für Größe, naïve façade"],
    ["windows-1252", "Årsmøte på Ørsta, blåbærsyltetøy"],
    ["windows-1250", "Zażółć gęślą jaźń, Łódź, Kraków"],
    ["windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy"],
    ["windows-1251", "Съешь ещё этих мягких французских булок, Москва"],
    ["koi8-r", "Съешь ещё этих мягких французских булок, Москва"],
    ["ibm866", "Съешь ещё этих мягких французских булок, Москва"],
    ["windows-1253", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία, Αθήνα"],
    ["windows-1254", "Pijamalı hasta yağız şoföre çabucak güvendi, İstanbul"],
    ["windows-1255", "דג סקרן שט בים מאוכזב ולפתע מצא חברה"],
    ["windows-1256", "نص حكيم له سر قاطع وذو شأن عظيم"],
    ["windows-1257", "Įlinkdama fechtuotojo špaga sublykčiojusi pragręžė, Šiauliai, žąsis"],
    ["windows-874", "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า"],
    ["macintosh", "Müller à Genève, señor Núñez, für Größe, façade"],
    ["iso-8859-2", "Příliš žluťoučký kůň úpěl ďábelské ódy"],
    ["iso-8859-2", "Pchnąć w tę łódź jeża lub ośm skrzyń fig"],
    ["iso-8859-2", "Šťastné vĺča, ľadová kôra"],
    ["iso-8859-15", "Sœur Agnès doit 12 € à l'œuvre"],
    ["windows-1250", "Zöldségbolt, Győr; hűvös, erősen fűtött"],
    ["windows-1252", "The ‘best’ of them; we don’t know, he said – “maybe”…"],
    ["windows-1252", "L’été, c’est à côté de l’hôtel"],
    ["macintosh", "L’été, c’est “fini”"],
    ["ibm850", "Müller, Größe, Straße, Ägypten, Frühstück"],
    ["ibm852", "Zażółć gęślą jaźń, Łódź"],
  ])("%s: %s", (encoding, line) => {
    expect(detectEncoding(bytesOf(csv(line), encoding), true)).toMatchObject({ encoding })
  })

  test.each([
    ["shift_jis", "8ac7979d8ed282cc8cbb8ddd8e6782ed82ea82c482a282e9", "管理者の現在使われている"],
    ["euc-jp", "b4c9cdfdbcd4a4ceb8bdbadfbbc8a4efa4eca4c6a4a4a4eb", "管理者の現在使われている"],
    ["euc-kr", "b4d9b6f7c1e320c7e520c3c2b9d9c4fbbfa120c5b8b0edc6c4", "다람쥐 헌 쳇바퀴에 타고파"],
    ["gb18030", "cec4bcfeb5c4d6d0b9fac8cbbfdacafdbedd", "文件的中国人口数据"],
    ["big5", "a4a4a4e5aabab8eaaec6bb50a448a466bcc6beda", "中文的資料與人口數據"],
  ])("%s, with more than one byte per character", (encoding, hex, text) => {
    const bytes = Buffer.concat(Array.from({ length: 10 }, () => Buffer.from(`6f6b2c${hex}0a`, "hex")))
    expect(converted(bytes, encoding).split("\n")[0]).toBe(`ok,${text}`)
    expect(detectEncoding(bytes, true)).toMatchObject({ encoding })
  })

  test("byte order marks, UTF-16 without one, ASCII and UTF-8 are detected with certainty", () => {
    const text = csv("größe")
    const wide = Buffer.from(text, "utf16le")
    expect(detectEncoding(Buffer.from(`\ufeff${text}`), true)).toMatchObject({ encoding: "utf-8", mark: 3, confidence: 1 })
    expect(detectEncoding(Buffer.from(`\ufeff${text}`, "utf16le"), true)).toMatchObject({ encoding: "utf-16le", mark: 2 })
    expect(detectEncoding(wide, true)).toMatchObject({ encoding: "utf-16le", mark: 0 })
    expect(detectEncoding(Buffer.from(wide).swap16(), true)).toMatchObject({ encoding: "utf-16be", mark: 0 })
    expect(detectEncoding(Buffer.from("a,b\n1,2\n"), true)).toMatchObject({ encoding: "utf-8", confidence: 0.9 })
    expect(detectEncoding(Buffer.from(text), true)).toMatchObject({ encoding: "utf-8", confidence: 1 })
    expect(detectEncoding(Uint8Array.of(0xff, 0xfe, 0, 0, 65, 0, 0, 0), true)).toMatchObject({ encoding: "utf-32le" })
  })

  test("a sample may end inside a character", () => {
    const bytes = Buffer.from("größe,日本")
    for (let end = 1; end <= bytes.length; end++) expect(detectEncoding(bytes.subarray(0, end), false)).toMatchObject({ encoding: "utf-8" })
  })

  test("a single name is read in the most likely encoding, and the others are named with the line that differs", () => {
    const guess = (bytes: string) => detectEncoding(Buffer.from(bytes, "latin1"), true)
    expect(guess("id,name\r\n1,Ann\r\n2,Ferg\xf5\r\n").others).toContainEqual({
      encoding: "windows-1250",
      line: 3,
      text: "2,Fergő",
      instead: "2,Fergõ",
    })
    expect(guess("id,price\n1,12 \xa4\n")).toMatchObject({ encoding: "iso-8859-15" })
    expect(guess("id,price\n1,12 \xa4\n").others).toHaveLength(2)
    const clear = guess(`id,name\n${"1,J\xf6rg M\xfcller\n2,Ren\xe9 Stra\xdfer\n".repeat(4)}`)
    expect(clear).toMatchObject({ encoding: "windows-1252", others: [] })
    expect(clear.confidence).toBeGreaterThan(0.9)
  })

  test.each([
    ["windows-1252", "he said “hello there” to them, it’s “Fine”"],
    ["windows-1252", "Former\u00a0CEO\u00a0Carly\u00a0Fiorina “spoke” in\u00a0Iowa"],
    ["macintosh", "he said “hello there” to them, it’s “Fine”"],
  ])("English prose with typographic punctuation in %s is read in it: %s", (encoding, text) => {
    expect(detectEncoding(bytesOf(`id,text\n1,${text}\n`, encoding), true).encoding).toBe(encoding)
  })

  test("a single sign that is a letter in another script is never certain", () => {
    const bullets = bytesOf("id,text\n1,• first\n2,• second\n", "macintosh")
    expect(detectEncoding(bullets, true).confidence).toBeLessThan(0.9)
    expect(detectEncoding(bullets, true).others).not.toEqual([])
  })

  test("a value that repeats is no more evidence than one", () => {
    const once = Buffer.from("id,name\n1,Ferg\xf5\n", "latin1")
    const often = Buffer.from(`id,name\n${"1,Ferg\xf5\n".repeat(50)}`, "latin1")
    expect(detectEncoding(often, true)).toEqual(detectEncoding(once, true))
  })

  test("letters that fit no language cast doubt on any encoding", () => {
    const noise = Buffer.from("a,b\n1,x\xa5k\xb7m\n2,p\xd7q\xf0\xb1\n", "latin1")
    expect(detectEncoding(noise, true).confidence).toBeLessThan(0.6)
    expect(detectEncoding(noise, true).others).not.toEqual([])
  })

  test("a few bytes of another encoding do not change the verdict of UTF-8", () => {
    const mixed = Buffer.concat([Buffer.from(csv("größe")), Buffer.from("21,gr\xf6\xdfe,ok\n", "latin1")])
    expect(detectEncoding(mixed, true)).toMatchObject({ encoding: "utf-8" })
  })
})
