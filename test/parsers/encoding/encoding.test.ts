import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { detectEncoding } from "../../../src/parsers/encoding/detect-encoding.ts"
import { encodingName } from "../../../src/parsers/encoding/encoding-name.ts"
import { singleByteTable } from "../../../src/parsers/encoding/single-byte-table.ts"
import { toUtf8 } from "../../../src/parsers/encoding/to-utf8.ts"
import { detect } from "../../../src/parsers/files/detect/detect.ts"

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
  ])("%s: %s", async (encoding, line) => {
    expect(await detectEncoding(bytesOf(csv(line), encoding), true)).toMatchObject({ encoding })
  })

  test.each([
    ["shift_jis", "8ac7979d8ed282cc8cbb8ddd8e6782ed82ea82c482a282e9", "管理者の現在使われている"],
    ["euc-jp", "b4c9cdfdbcd4a4ceb8bdbadfbbc8a4efa4eca4c6a4a4a4eb", "管理者の現在使われている"],
    ["euc-kr", "b4d9b6f7c1e320c7e520c3c2b9d9c4fbbfa120c5b8b0edc6c4", "다람쥐 헌 쳇바퀴에 타고파"],
    ["gb18030", "cec4bcfeb5c4d6d0b9fac8cbbfdacafdbedd", "文件的中国人口数据"],
    ["big5", "a4a4a4e5aabab8eaaec6bb50a448a466bcc6beda", "中文的資料與人口數據"],
  ])("%s, with more than one byte per character", async (encoding, hex, text) => {
    const bytes = Buffer.concat(Array.from({ length: 10 }, () => Buffer.from(`6f6b2c${hex}0a`, "hex")))
    expect(converted(bytes, encoding).split("\n")[0]).toBe(`ok,${text}`)
    expect(await detectEncoding(bytes, true)).toMatchObject({ encoding })
  })

  test("byte order marks, UTF-16 without one, ASCII and UTF-8 are detected with certainty", async () => {
    const text = csv("größe")
    const wide = Buffer.from(text, "utf16le")
    expect(await detectEncoding(Buffer.from(`\ufeff${text}`), true)).toMatchObject({ encoding: "utf-8", mark: 3, confidence: 1 })
    expect(await detectEncoding(Buffer.from(`\ufeff${text}`, "utf16le"), true)).toMatchObject({ encoding: "utf-16le", mark: 2 })
    expect(await detectEncoding(wide, true)).toMatchObject({ encoding: "utf-16le", mark: 0 })
    expect(await detectEncoding(Buffer.from(wide).swap16(), true)).toMatchObject({ encoding: "utf-16be", mark: 0 })
    expect(await detectEncoding(Buffer.from("a,b\n1,2\n"), true)).toMatchObject({ encoding: "utf-8", confidence: 0.9 })
    expect(await detectEncoding(Buffer.from(text), true)).toMatchObject({ encoding: "utf-8", confidence: 1 })
    expect(await detectEncoding(Uint8Array.of(0xff, 0xfe, 0, 0, 65, 0, 0, 0), true)).toMatchObject({ encoding: "utf-32le" })
  })

  test.each([
    [
      "shift_jis",
      "69642c6e616d652c636974790a312cbbc4b320b9dd2cc4b3b7aeb30a322cbdbddeb720cac5ba2cb5b5bbb60a332cc0c5b620d0bbb72cc5baded40a342cdcc0c5cdde2cbbafcedfdb",
      "ｻﾄｳ ｹﾝ",
    ],
    [
      "euc-jp",
      "69642c6e616d652c636974790a312c8ebb8ec48eb3208eb98edd2c8ec48eb38eb78eae8eb30a322c8ebd8ebd8ede8eb7208eca8ec58eba2c8eb58eb58ebb8eb60a332c8ec08ec58eb6208ed08ebb8eb72c8ec58eba8ede8ed40a342c8edc8ec08ec58ecd8ede2c8ebb8eaf8ece8edf8edb",
      "ｻﾄｳ ｹﾝ",
    ],
    [
      "shift_jis",
      "94d48d862c8e8196bc2cc4bc0a312c8db293a1208c922cc4b3b7aeb30a322c97e996d82089d48e712cb5b5bbb60a332cc0c5b620d0bbb72c96bc8cc389ae0a342c936e95d32092bc94fc2cbbafcedfdb",
      "佐藤 健",
    ],
    [
      "euc-jp",
      "c8d6b9e62cbbe1ccbe2c8ec48ebc0a312cbab4c6a320b7f22c8ec48eb38eb78eae8eb30a322cceebccda20b2d6bbd22c8eb58eb58ebb8eb60a332c8ec08ec58eb6208ed08ebb8eb72cccbeb8c5b2b00a342cc5cfcad520c4bec8fe2c8ebb8eaf8ece8edf8edb",
      "佐藤 健",
    ],
    [
      "shift_jis",
      "94d48d862c8e8196bc2c93738e730a312c8db293a1208c922c938c8b9e93730a322c97e996d82089d48e712c91e58de38e730a332c936392862094fc8de72c96bc8cc389ae8e730a342c936e95d32092bc8ef72c8e4496798e73",
      "佐藤 健",
    ],
    [
      "euc-jp",
      "c8d6b9e62cbbe1ccbe2cc5d4bbd40a312cbab4c6a320b7f22cc5ecb5fec5d40a322cceebccda20b2d6bbd22cc2e7bae5bbd40a332cc5c4c3e620c8febae92cccbeb8c5b2b0bbd40a342cc5cfcad520c4bebcf92cbba5cbdabbd4",
      "佐藤 健",
    ],
    [
      "gb18030",
      "b1e0bac52cd0d5c3fb2cb3c7cad00a312ccdf5ceb02cb1b1bea9cad00a322cc0eec4c82cc9cfbaa3cad00a332cd5c5c3f42cb9e3d6ddcad00a342cd5d4befc2cb3c9b6bccad0",
      "王伟",
    ],
    [
      "big5",
      "bd73b8b92ca96da6572cabb0a5ab0a312cb3afa9c9a7672cbb4fa55fa5ab0a322caa4ca7d3a9fa2cb0aab6afa5ab0a332cb6c0b251aae22cbb4fa4a4a5ab0a342cb35cb466b6b22cb773a6cba5ab",
      "陳怡君",
    ],
    [
      "euc-kr",
      "b9f8c8a32cc0ccb8a72cb5b5bdc30a312cb1e8b9cec1d82cbcadbfefc6afbab0bdc30a322cc0ccbcadbfac2cbacebbeab1a4bfaabdc30a332cb9dac1f6c8c42cb4ebb1b8b1a4bfaabdc30a342cc3d6bcf6baf32cbcf6bff8bdc3",
      "김민준",
    ],
  ])("a few names in %s are read without doubt: %s", async (encoding, hex, name) => {
    const bytes = Buffer.from(hex, "hex")
    expect(await detectEncoding(bytes, true)).toMatchObject({ encoding, others: [] })
    expect(converted(bytes, encoding).split("\n")[1]).toContain(name)
  })

  test.each([
    ["koi8-r", "Иванов Сергей,Москва\nСмирнова Анна,Казань\nКузнецов Дмитрий,Самара"],
    ["iso-8859-5", "Иванов Сергей,Москва\nСмирнова Анна,Казань\nКузнецов Дмитрий,Самара"],
    ["x-mac-cyrillic", "Иванов Сергей,Москва\nСмирнова Анна,Казань\nКузнецов Дмитрий,Самара"],
    ["koi8-u", "Шевченко Олександр,Київ\nКоваленко Ірина,Харків\nОлійник Юлія,Вінниця"],
    ["windows-1253", "Παπαδόπουλος,Αθήνα\nΝικολάου,Πάτρα\nΆννα Αντωνίου,Άρτα\nΟικονόμου,Λάρισα"],
    ["iso-8859-7", "Παπαδόπουλος,Αθήνα\nΝικολάου,Πάτρα\nΆννα Αντωνίου,Άρτα\nΟικονόμου,Λάρισα"],
    ["windows-1255", "משה כהן,ירושלים\nשרה לוי,חיפה\nרחל פרץ,אשדוד"],
    ["iso-8859-6", "محمد أحمد,القاهرة\nفاطمة علي,الرياض\nعمر سعيد,بغداد"],
    ["ibm857", "Ayşe Yılmaz,İstanbul\nMehmet Şahin,İzmir\nElif Doğan,Muğla"],
  ])("so are names in %s", async (encoding, names) => {
    expect((await detectEncoding(bytesOf(`name,city\n${names}\n`, encoding), true)).encoding).toBe(encoding)
  })

  test.each([
    ["Russian", "Иванов Сергей;Санкт-Петербург;доставить до обеда, упаковка повреждена"],
    ["Chinese", "王伟;北京市;请在上午送货　一定要有发票"],
    ["Japanese", "佐藤 健;東京都;配達は午前中を希望　一つのみ"],
    ["Japanese with half-width kana", "ｻﾄｳ ｹﾝ;ﾄｳｷｮｳ;ﾊｲﾀﾂ"],
    ["Korean", "김민준;서울특별시;오전 배송 희망"],
    ["Arabic", "محمد أحمد;القاهرة;التوصيل صباحا"],
    ["Thai", "สมชาย ใจดี;กรุงเทพ;ส่งช่วงเช้า"],
  ])("UTF-16 without a byte order mark is recognised in %s", async (_language, line) => {
    const wide = Buffer.from(`${line}\n`.repeat(3), "utf16le")
    expect((await detectEncoding(wide, true)).encoding).toBe("utf-16le")
    expect(detect(wide, "names.csv").format).toBe("csv")
    const big = Buffer.from(wide).swap16()
    expect((await detectEncoding(big, true)).encoding).toBe("utf-16be")
    expect(detect(big, "names.csv").format).toBe("csv")
  })

  test("text with a few NULs is not UTF-16", async () => {
    for (const text of ["id,name\n1,Ann\u0000\n2,Bo\n", `${"abcdef\u0000".repeat(40)}\n`, "größe\u0000,b\n1,2\n"])
      expect((await detectEncoding(Buffer.from(text), true)).encoding, text).toBe("utf-8")
  })

  test("a sample may end inside a character", async () => {
    const bytes = Buffer.from("größe,日本")
    for (let end = 1; end <= bytes.length; end++)
      expect(await detectEncoding(bytes.subarray(0, end), false)).toMatchObject({ encoding: "utf-8" })
  })

  test("a single name is read in the most likely encoding, and the others are named with the line that differs", async () => {
    const guess = (bytes: string) => detectEncoding(Buffer.from(bytes, "latin1"), true)
    expect((await guess("id,name\r\n1,Ann\r\n2,Ferg\xf5\r\n")).others).toContainEqual({
      encoding: "windows-1250",
      line: 3,
      text: "2,Fergő",
      instead: "2,Fergõ",
    })
    expect(await guess("id,price\n1,12 \xa4\n")).toMatchObject({ encoding: "iso-8859-15" })
    expect((await guess("id,price\n1,12 \xa4\n")).others).toHaveLength(2)
    const clear = await guess(`id,name\n${"1,J\xf6rg M\xfcller\n2,Ren\xe9 Stra\xdfer\n".repeat(4)}`)
    expect(clear).toMatchObject({ encoding: "windows-1252", others: [] })
    expect(clear.confidence).toBeGreaterThan(0.9)
  })

  test.each([
    ["windows-1252", "he said “hello there” to them, it’s “Fine”"],
    ["windows-1252", "Former\u00a0CEO\u00a0Carly\u00a0Fiorina “spoke” in\u00a0Iowa"],
    ["macintosh", "he said “hello there” to them, it’s “Fine”"],
  ])("English prose with typographic punctuation in %s is read in it: %s", async (encoding, text) => {
    expect((await detectEncoding(bytesOf(`id,text\n1,${text}\n`, encoding), true)).encoding).toBe(encoding)
  })

  test("a single sign that is a letter in another script is never certain", async () => {
    const bullets = bytesOf("id,text\n1,• first\n2,• second\n", "macintosh")
    expect((await detectEncoding(bullets, true)).confidence).toBeLessThan(0.9)
    expect((await detectEncoding(bullets, true)).others).not.toEqual([])
  })

  test("a value that repeats is no more evidence than one", async () => {
    const once = Buffer.from("id,name\n1,Ferg\xf5\n", "latin1")
    const often = Buffer.from(`id,name\n${"1,Ferg\xf5\n".repeat(50)}`, "latin1")
    expect(await detectEncoding(often, true)).toEqual(await detectEncoding(once, true))
  })

  test("letters that fit no language cast doubt on any encoding", async () => {
    const noise = Buffer.from("a,b\n1,x\xa5k\xb7m\n2,p\xd7q\xf0\xb1\n", "latin1")
    expect((await detectEncoding(noise, true)).confidence).toBeLessThan(0.6)
    expect((await detectEncoding(noise, true)).others).not.toEqual([])
  })

  test("a few bytes of another encoding do not change the verdict of UTF-8", async () => {
    const mixed = Buffer.concat([Buffer.from(csv("größe")), Buffer.from("21,gr\xf6\xdfe,ok\n", "latin1")])
    expect(await detectEncoding(mixed, true)).toMatchObject({ encoding: "utf-8" })
  })

  const read = async (text: string, encoding: string) => {
    const bytes = bytesOf(text, encoding)
    const detected = await detectEncoding(bytes, true)
    return { text: converted(bytes, detected.encoding), others: detected.others }
  }
  const column = (values: readonly string[]) => `id;value\n${values.map((value, at) => `${at + 1};${value}\n`).join("")}`

  const units = [
    "µS/cm",
    "ng/µL",
    "cells/µL",
    "µm",
    "µg/kg",
    "(µg/L)",
    "12 µm",
    "5µm",
    "µmol/L",
    "m³/h",
    "m²",
    "kg/m³",
    "45 km²",
    "21.5 °C",
    "180°",
  ]

  test.each(["windows-1252", "windows-1254", "macintosh", "ibm850"])(
    "units and other signs are evidence for %s, one by one",
    async (encoding) => {
      const known = [...(singleByteTable(encoding) ?? "")]
      for (const unit of units) {
        if ([...unit].some((character) => character > "\u007f" && !known.includes(character))) continue
        const text = column([unit, "mg/L"])
        expect((await read(text, encoding)).text).toBe(text)
      }
    },
  )

  test.each([
    ["windows-1252", ["µS/cm", "µg/L"]],
    ["windows-1252", ["m³/h", "m²", "21.5 °C"]],
    ["windows-1252", ["Windows® 11", "Acme™ Drill"]],
    ["windows-1252", ["10 × 20", "±0.5", "3 × 4 cm", "§ 12"]],
    ["ibm850", ["m³/h", "m²", "kg/m³"]],
  ])("a few signs in %s are read without doubt: %s", async (encoding, values) => {
    expect(await read(column(values), encoding)).toEqual({ text: column(values), others: [] })
  })

  test.each([[["m²"]], [["Müller", "Paul"]]])("fewer than three characters never make a DOS code page certain: %s", async (values) => {
    const { text, others } = await read(column(values), "ibm850")
    expect(text).toBe(column(values))
    expect(others).not.toEqual([])
  })

  test.each([
    ["shift_jis", "69643b6e616d650a313b83588359834c0a", "id;name\n1;スズキ\n"],
    ["shift_jis", "69643b6e616d650a313b8365835883670a", "id;name\n1;テスト\n"],
    [
      "shift_jis",
      "49442c8386815b8355815b96bc0a312c835e8369834a0a322c83588359834c0a332c8354836783450a",
      "ID,ユーザー名\n1,タナカ\n2,スズキ\n3,サトウ\n",
    ],
    ["shift_jis", "8352815b83682c96bc914f0a312c835c815b83580a322c955c8ea60a", "コード,名前\n1,ソース\n2,表示\n"],
    ["shift_jis", "8352815b83682c8366815b835e0a312c835c837483670a", "コード,データ\n1,ソフト\n"],
    ["shift_jis", "6e616d652c6d656d6f0a5461726f2c4f4b0a4a69726f2c8365835883670a", "name,memo\nTaro,OK\nJiro,テスト\n"],
    ["shift_jis", "69643b8ff391d40a313b8aae97b90a323b834c83838393835a838b0a", "id;状態\n1;完了\n2;キャンセル\n"],
    [
      "euc-jp",
      "49442ca5e6a1bca5b6a1bcccbe0a312ca5bfa5caa5ab0a322ca5b9a5baa5ad0a332ca5b5a5c8a5a60a",
      "ID,ユーザー名\n1,タナカ\n2,スズキ\n3,サトウ\n",
    ],
    ["big5", "69642ca657bad90a312cc4abaa470a322ca55cafe00a", "id,名稱\n1,蘋果\n2,功能\n"],
    ["big5", "69643babc8a4e13babb0a5ab0a313bb169a4543ba578a55f0a", "id;客戶;城市\n1;張三;台北\n"],
    ["gb18030", "69642cc3fbb3c60a312cc6bbb9fb0a322ccfe3bdb60a", "id,名称\n1,苹果\n2,香蕉\n"],
    ["euc-kr", "69642cc0ccb8a70a312cbbe7b0fa0a322cb9d9b3aab3aa0a", "id,이름\n1,사과\n2,바나나\n"],
  ])("words of a few characters in %s are not read as Latin text: %s (%j)", async (encoding, hex, text) => {
    const bytes = Buffer.from(hex, "hex")
    const detected = await detectEncoding(bytes, true)
    expect(converted(bytes, detected.encoding)).toBe(text)
    expect(detected.encoding).toBe(encoding)
  })

  test.each([
    ["gb18030", "6e6f2cd7b4ccac0a302cc9eedbda0a312cd7b4ccac0a", "no,状态\n0,深圳\n1,状态\n"],
    ["big5", "69643b76616c75650a313bb4c8a46c0a323bbcc6b6710a", "id;value\n1;椅子\n2;數量\n"],
  ])("a few words in %s are not taken for damaged UTF-8: %s", async (encoding, hex, text) => {
    const bytes = Buffer.from(hex, "hex")
    expect((await detectEncoding(bytes, true)).encoding).toBe(encoding)
    expect(converted(bytes, encoding)).toBe(text)
  })

  test.each([
    ["Zoé", "ë"],
    ["Москва", "\xca\xe0\xe7\xe0\xed\xfc"],
    ["テスト", "\x83\x66\x81\x5b\x83\x5e"],
  ])("a line in another encoding does not change the verdict of UTF-8: %s", async (name, other) => {
    const mixed = Buffer.concat([Buffer.from(`id,name\n1,${name}\n`), Buffer.from(`2,${other}\n`, "latin1")])
    expect(await detectEncoding(mixed, true)).toMatchObject({ encoding: "utf-8" })
  })
})
