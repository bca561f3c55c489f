import { createHash } from "node:crypto"
import { constants, crc32, deflateRawSync } from "node:zlib"
import { columnLetters } from "../../../src/parsers/xlsx/a1.ts"
import type { XlsxOptions } from "../../../src/parsers/xlsx/xlsx-options.ts"
import { type ZipPart, zipBytes } from "../../parsers/files/zip/zip-bytes.ts"
import { mainNamespace, workbookBytes, workbookParts } from "../../parsers/xlsx/workbook-bytes.ts"

/** A hostile or broken file, and the outcome that it must have. */
export interface HostileWorkbook {
  readonly name: string
  /** Makes the file. It is not made in advance, because some files are large. */
  readonly make: () => Buffer
  /** The error codes that are allowed; `"rows"` if the file may be read. */
  readonly outcomes: readonly string[]
  readonly options?: XlsxOptions
  /** An honest workbook of the same size. The memory bound then counts from what reading that one takes, otherwise from nothing. */
  readonly honest?: () => Buffer
  /** Whether making it takes long. The default suite leaves it out. */
  readonly slow?: boolean
}

const miB = 1024 ** 2

/** Deflated data of one block that is repeated many times, built without the inflated bytes. */
function repeated(block: Buffer, times: number): { stored: Buffer; crc: number; bytes: number } {
  const middle = deflateRawSync(block, { finishFlush: constants.Z_FULL_FLUSH })
  const last = deflateRawSync(Buffer.alloc(0))
  let crc = 0
  for (let at = 0; at < times; at++) crc = crc32(block, crc)
  return { stored: Buffer.concat([...Array.from({ length: times }, () => middle), last]), crc, bytes: block.length * times }
}

/** A part with a beginning, a block that is repeated many times, and an end. */
function repeatedPart(name: string, head: string, block: string, times: number, tail: string): ZipPart {
  const parts = [Buffer.from(head), Buffer.from(block), Buffer.from(tail)].map((piece) => ({
    piece,
    stored: deflateRawSync(piece, { finishFlush: constants.Z_FULL_FLUSH }),
  }))
  const [first, middle, last] = parts
  if (first === undefined || middle === undefined || last === undefined) throw new Error("three pieces")
  let crc = crc32(first.piece)
  for (let at = 0; at < times; at++) crc = crc32(middle.piece, crc)
  crc = crc32(last.piece, crc)
  const stored = Buffer.concat([
    first.stored,
    ...Array.from({ length: times }, () => middle.stored),
    last.stored,
    deflateRawSync(Buffer.alloc(0)),
  ])
  return { name, content: "", stored, crc, bytes: first.piece.length + middle.piece.length * times + last.piece.length }
}

const sheetPart = "xl/worksheets/sheet1.xml"
const sheetHead = `<worksheet xmlns="${mainNamespace}"><sheetData>`
const sheetTail = "</sheetData></worksheet>"
const stringsHead = `<sst xmlns="${mainNamespace}">`

/** Text that hardly compresses, so that the limit on the ratio does not stop it. */
function noise(bytes: number): string {
  const pieces: string[] = []
  let held = 0
  for (let at = 0; held < bytes; at++) {
    const piece = createHash("sha512").update(`${at}`).digest("base64url")
    pieces.push(piece)
    held += piece.length
  }
  return pieces.join("").slice(0, bytes)
}

/** A row of a text that no other row has. */
function ownText(row: number): string {
  const own = [0, 1, 2].map((at) => createHash("sha512").update(`${row}/${at}`).digest("hex")).join("")
  return `<row><c t="inlineStr"><is><t>${own}${"h".repeat(31_000)}</t></is></c></row>`
}

const withSheet = (part: ZipPart) => workbookBytes({ parts: [part] })
const sheetOf = (inner: string) => workbookBytes({ sheets: [{ xml: sheetHead + inner }] })
const small = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'

function encodings(text: string): [name: string, bytes: Buffer][] {
  return [
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${text}`)],
    ["UTF-16 LE", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16 BE", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["UTF-16 LE without a mark", Buffer.from(text, "utf16le")],
    ["UTF-16 BE without a mark", Buffer.from(text, "utf16le").swap16()],
    ["UTF-32", Buffer.concat([...text].map((character) => Buffer.from([0, 0, 0, character.charCodeAt(0)])))],
    ["UTF-7", Buffer.from(`<?xml version="1.0" encoding="UTF-7"?>${text.replaceAll("<", "+ADw-").replaceAll("!", "+ACE-")}`)],
    ["EBCDIC", ebcdic(text)],
  ]
}

const ebcdicCodes: ReadonlyMap<string, number> = new Map([
  ...[..."abcdefghi"].map((letter, at) => [letter, 0x81 + at] as const),
  ...[..."jklmnopqr"].map((letter, at) => [letter, 0x91 + at] as const),
  ...[..."stuvwxyz"].map((letter, at) => [letter, 0xa2 + at] as const),
  ...[..."0123456789"].map((digit, at) => [digit, 0xf0 + at] as const),
  ...[...'<>!?&;"=/:.[]-_'].map(
    (sign, at) => [sign, [0x4c, 0x6e, 0x5a, 0x6f, 0x50, 0x5e, 0x7f, 0x7e, 0x61, 0x7a, 0x4b, 0xba, 0xbb, 0x60, 0x6d][at] ?? 0] as const,
  ),
])

/** Encodes text in code page 037 (EBCDIC), with lower-case letters for upper-case ones. */
function ebcdic(text: string): Buffer {
  return Buffer.from([...text.toLowerCase()].map((character) => ebcdicCodes.get(character) ?? 0x40))
}

const entities = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, at) => `<!ENTITY lol${at + 1} "${`&lol${at === 0 ? "" : at};`.repeat(10)}">`).join("")}]>`
const outside = '<!DOCTYPE foo [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'
const dtds = [entities, outside, "<!DOCTYPE x>", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">']

function zips(): HostileWorkbook[] {
  const blank = Buffer.alloc(miB, 32)
  const parts = workbookParts({ rows: small })
  const bad = (change: (part: ZipPart) => Partial<ZipPart>) => () =>
    zipBytes(parts.map((part) => (part.name === sheetPart ? { ...part, ...change(part) } : part)))
  return [
    {
      name: "a bomb by ratio",
      make: () => withSheet({ name: sheetPart, content: "", ...repeated(blank, 300) }),
      outcomes: ["LIMIT_EXCEEDED"],
    },
    {
      name: "a bomb by ratio whose stated size is small",
      make: () => withSheet({ name: sheetPart, content: "", ...repeated(blank, 300), bytes: 5000 }),
      outcomes: ["FILE_HOSTILE"],
    },
    {
      name: "a bomb by ratio whose stated compressed size is large",
      make: () => withSheet({ name: sheetPart, content: "", ...repeated(blank, 300), storedBytes: 20 * miB }),
      outcomes: ["FILE_CORRUPT", "FILE_HOSTILE"],
    },
    {
      name: "a bomb by total",
      make: () => {
        const filler = repeated(blank, 1)
        return zipBytes([
          ...parts,
          ...Array.from({ length: 5 }, (_, at) => ({ name: `xl/media/${at}`, content: "", ...filler, bytes: 1024 * miB })),
        ])
      },
      outcomes: ["LIMIT_EXCEEDED"],
    },
    {
      name: "an entry of three gigabytes",
      make: () =>
        zipBytes([
          ...parts.filter(({ name }) => name !== sheetPart),
          { name: sheetPart, content: "", ...repeated(blank, 1), bytes: 3072 * miB },
        ]),
      outcomes: ["LIMIT_EXCEEDED"],
    },
    {
      name: "entries that share their bytes",
      make: () =>
        zipBytes([...parts, ...Array.from({ length: 200 }, (_, at) => ({ name: `xl/a${at}`, content: blank, offset: 0 }))].slice(0, 900)),
      outcomes: ["FILE_HOSTILE"],
    },
    {
      name: "60,000 entries",
      make: () => zipBytes(Array.from({ length: 60_000 }, (_, at) => ({ name: `${at}`, content: "", method: 0 }))),
      outcomes: ["LIMIT_EXCEEDED"],
    },
    {
      name: "100,000 entries where the end record states ten",
      make: () =>
        zipBytes(
          Array.from({ length: 100_000 }, (_, at) => ({ name: `${at}`, content: "", method: 0 })),
          { entries: 10 },
        ),
      outcomes: ["FILE_CORRUPT", "LIMIT_EXCEEDED"],
    },
    { name: "entries with one name", make: () => zipBytes([...parts, ...parts]), outcomes: ["FILE_HOSTILE"] },
    { name: "a wrong checksum", make: bad(() => ({ crc: 0 })), outcomes: ["FILE_CORRUPT"] },
    { name: "a size that is too small", make: bad(() => ({ bytes: 10 })), outcomes: ["FILE_HOSTILE"] },
    { name: "a size that is too large", make: bad(() => ({ bytes: 1_000_000 })), outcomes: ["FILE_CORRUPT"] },
    ...["../../../tmp/rowgate-was-here", "/etc/cron.d/x", "C:\\Windows\\x", "xl\\..\\..\\x"].map((name) => ({
      name: `an entry named ${name}`,
      make: () => zipBytes([...parts, { name, content: "x" }]),
      outcomes: ["FILE_HOSTILE"],
    })),
  ]
}

function documentTypes(): HostileWorkbook[] {
  const parts: [name: string, xml: string][] = [
    [sheetPart, `${sheetHead}<row><c t="inlineStr"><is><t>&lol9;&xxe;</t></is></c></row>${sheetTail}`],
    ["xl/sharedStrings.xml", `${stringsHead}<si><t>&lol9;&xxe;</t></si></sst>`],
    ["xl/workbook.xml", '<workbook><sheets><sheet name="&lol9;&xxe;"/></sheets></workbook>'],
    ["xl/styles.xml", "<styleSheet>&lol9;</styleSheet>"],
  ]
  return parts.flatMap(([part, xml]) =>
    dtds.flatMap((dtd, at) =>
      encodings(dtd + xml).map(([encoding, content]) => ({
        name: `document type ${at + 1} in ${part} in ${encoding}`,
        make: () => workbookBytes({ rows: '<row><c t="s"><v>0</v></c></row>', strings: ["a"], parts: [{ name: part, content }] }),
        outcomes:
          encoding.startsWith("UTF-8") || encoding.startsWith("UTF-16")
            ? ["FILE_HOSTILE"]
            : ["ENCODING_INVALID", "FILE_CORRUPT", "FILE_TRUNCATED"],
      })),
    ),
  )
}

function tags(): HostileWorkbook[] {
  const exceeded = ["LIMIT_EXCEEDED"]
  const refused = ["LIMIT_EXCEEDED", "FILE_TRUNCATED", "FILE_CORRUPT"]
  const styles = (inner: string) => workbookBytes({ rows: small, parts: [{ name: "xl/styles.xml", content: `<styleSheet>${inner}` }] })
  const attributes = (count: number) => Array.from({ length: count }, (_, at) => `a${at}="${at}"`).join(" ")
  return [
    {
      name: "a million levels before the cells",
      make: () => workbookBytes({ sheets: [{ xml: `<worksheet>${"<a>".repeat(1_000_000)}` }] }),
      outcomes: exceeded,
    },
    { name: "a million levels among the rows", make: () => sheetOf("<a>".repeat(1_000_000)), outcomes: exceeded },
    { name: "a million levels in a cell", make: () => sheetOf(`<row><c>${"<a>".repeat(1_000_000)}`), outcomes: exceeded },
    { name: "a million levels in a text", make: () => sheetOf(`<row><c t="inlineStr"><is>${"<a>".repeat(1_000_000)}`), outcomes: exceeded },
    { name: "a million levels in the styles", make: () => styles("<a>".repeat(1_000_000)), outcomes: exceeded },
    {
      name: "a million attributes of a cell",
      make: () => sheetOf(`<row><c ${attributes(1_000_000)}/></row>${sheetTail}`),
      outcomes: exceeded,
      slow: true,
    },
    {
      name: "a million attributes of a row",
      make: () => sheetOf(`<row ${attributes(1_000_000)}></row>${sheetTail}`),
      outcomes: [...exceeded, "rows"],
      slow: true,
    },
    { name: "a million attributes of a style", make: () => styles(`<xf ${attributes(1_000_000)}/>`), outcomes: exceeded, slow: true },
    {
      name: "a cell's tag of 60 MB",
      make: () => sheetOf(`<row><c r="${noise(60 * miB)}"/></row>${sheetTail}`),
      outcomes: exceeded,
      slow: true,
    },
    { name: "a tag of 60 MB that does not end", make: () => sheetOf(`<row><${noise(60 * miB)}`), outcomes: refused, slow: true },
    { name: "a comment of 60 MB", make: () => sheetOf(`<!--${noise(60 * miB)}-->${small}${sheetTail}`), outcomes: exceeded, slow: true },
    { name: "an attribute of 60 MB in the styles", make: () => styles(`<xf a="${noise(31 * miB)}"/>`), outcomes: exceeded, slow: true },
    { name: "styles of 60 MB", make: () => styles(`<cellXfs>${"<xf/>".repeat(12 * miB)}`), outcomes: exceeded, slow: true },
    { name: "styles that do not end", make: () => styles(noise(10 * miB)), outcomes: refused },
    {
      name: "an attribute list of letters without an equals sign",
      make: () => styles(`<xf ${"b".repeat(900_000)}/>`),
      outcomes: [...refused, "rows"],
    },
    {
      name: "a number format of a megabyte",
      make: () => styles(`<numFmts><numFmt numFmtId="170" formatCode="${"[h".repeat(400_000)}"/></numFmts></styleSheet>`),
      outcomes: ["rows"],
    },
    {
      name: "a hundred thousand sheets",
      make: () =>
        workbookBytes({
          parts: [
            {
              name: "xl/workbook.xml",
              content: `<workbook xmlns:r="r"><sheets>${Array.from({ length: 100_000 }, (_, at) => `<sheet name="s${at}" r:id="r${at}"/>`).join("")}</sheets></workbook>`,
            },
          ],
        }),
      outcomes: ["LIMIT_EXCEEDED"],
    },
  ]
}

/** Few cells below many columns, and many sheets with none. */
function sparse(): HostileWorkbook[] {
  const names = Array.from({ length: 16_384 }, (_, at) => `<c t="inlineStr"><is><t>c${at}</t></is></c>`).join("")
  const diagonal = (rows: number) =>
    Array.from({ length: rows }, (_, at) => `<row r="${at + 2}"><c r="${columnLetters(at)}${at + 2}"><v>1</v></c></row>`).join("")
  return [
    ...[1_000, 10_000, 100_000].map((rows) => ({
      name: `${rows} rows of one cell below all columns`,
      make: () => sheetOf(`<row>${names}</row>${"<row><c><v>1</v></c></row>".repeat(rows)}${sheetTail}`),
      outcomes: ["rows"],
      slow: rows > 10_000,
    })),
    ...[160, 1_600, 16_000].map((rows) => ({
      name: `${rows} rows with a cell in another column each`,
      make: () => sheetOf(`<row r="1"><c r="A1" t="str"><v>head</v></c></row>${diagonal(rows)}${sheetTail}`),
      outcomes: ["rows"],
      slow: rows > 10_000,
    })),
    ...[30, 300, 3_000].map((count) => ({
      name: `${count} sheets without a cell`,
      make: () => workbookBytes({ sheets: Array.from({ length: count }, (_, at) => ({ name: `S${at}`, xml: sheetHead + sheetTail })) }),
      outcomes: ["rows"],
      slow: count > 1_000,
    })),
  ]
}

/** One text of 32,000 characters in very many cells. */
function repeatedTexts(): HostileWorkbook[] {
  const long = "h".repeat(32_000)
  const book =
    (columns: number, rows: number, beside = "") =>
    () =>
      workbookBytes({ rows: `<row>${'<c t="s"><v>0</v></c>'.repeat(columns)}${beside}</row>`.repeat(rows), strings: [long] })
  return [
    ...[2, 20, 200].map((size) => ({
      name: `a long shared string in ${size} columns of ${size} rows`,
      make: book(size, size),
      outcomes: ["rows"],
    })),
    { name: "a long shared string beside other cells", make: book(1, 20_000, "<c><v>1</v></c>"), outcomes: ["rows"] },
    ...[40, 400, 4_000].map((rows) => ({
      name: `a long shared string among the numbers of a column, ${rows} times`,
      make: () => workbookBytes({ rows: '<row><c t="s"><v>0</v></c></row><row><c><v>1</v></c></row>'.repeat(rows), strings: [long] }),
      outcomes: ["rows"],
    })),
    { name: "a long shared string as the name of all columns", make: book(16_384, 1), outcomes: ["rows"] },
    { name: "a long shared string in all columns", make: book(16_384, 12), outcomes: ["LIMIT_EXCEEDED"] },
    {
      name: "a thousand long texts of their own",
      make: () => sheetOf(`${Array.from({ length: 1_000 }, (_, at) => ownText(at)).join("")}${sheetTail}`),
      outcomes: ["rows"],
      slow: true,
    },
  ]
}

function cells(): HostileWorkbook[] {
  const exceeded = ["LIMIT_EXCEEDED"]
  const far = '<row r="1"><c r="A1" t="str"><v>head</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
  const strings = (head: string, block: string, times: number) =>
    workbookBytes({ rows: '<row><c t="s"><v>0</v></c></row>', parts: [repeatedPart("xl/sharedStrings.xml", head, block, times, "</sst>")] })
  const numbers = Array.from({ length: 16_384 }, (_, at) => `<c><v>${at}</v></c>`)
  const wide = numbers.join("")
  return [
    { name: "a cell in the last corner", make: () => sheetOf(`${far}${sheetTail}`), outcomes: ["rows"] },
    { name: "a cell beyond the last column", make: () => sheetOf(`<row><c r="XFE1"><v>1</v></c></row>${sheetTail}`), outcomes: exceeded },
    {
      name: "a cell beyond the last row",
      make: () => sheetOf(`<row r="1048577"><c r="A1048577"><v>1</v></c></row>${sheetTail}`),
      outcomes: exceeded,
    },
    {
      name: "a cell beyond all numbers",
      make: () => sheetOf(`<row><c r="${"Z".repeat(400)}${"9".repeat(400)}"><v>1</v></c></row>${sheetTail}`),
      outcomes: exceeded,
    },
    {
      name: "a dimension of the whole grid",
      make: () =>
        workbookBytes({
          sheets: [{ xml: `<worksheet xmlns="${mainNamespace}"><dimension ref="A1:XFD1048576"/><sheetData>${small}${sheetTail}` }],
        }),
      outcomes: ["rows"],
    },
    {
      name: "a hundred rows of all columns",
      make: () => sheetOf(`${`<row>${wide}</row>`.repeat(100)}${sheetTail}`),
      honest: () => {
        const narrow = Array.from({ length: 1024 }, (_, at) => `<row>${numbers.slice(at * 16, at * 16 + 16).join("")}</row>`).join("")
        return sheetOf(`${narrow.repeat(100)}${sheetTail}`)
      },
      outcomes: ["rows"],
      slow: true,
    },
    ...sparse(),
    ...repeatedTexts(),
    {
      name: "two million blank cells",
      make: () => withSheet(repeatedPart(sheetPart, sheetHead, `<row>${"<c/>".repeat(1000)}</row>`, 2000, sheetTail)),
      outcomes: ["rows"],
    },
    {
      name: "two million blank rows",
      make: () => withSheet(repeatedPart(sheetPart, sheetHead, "<row/>".repeat(1000), 2000, sheetTail)),
      outcomes: ["rows"],
    },
    {
      name: "one cell two hundred thousand times",
      make: () => withSheet(repeatedPart(sheetPart, sheetHead, '<row r="2"><c r="A2"><v>1</v></c></row>'.repeat(1000), 200, sheetTail)),
      outcomes: ["rows"],
    },
    {
      name: "a hundred thousand rows backwards",
      make: () =>
        sheetOf(
          Array.from({ length: 100_000 }, (_, at) => `<row r="${200_002 - 2 * at}"><c r="A${200_002 - 2 * at}"><v>1</v></c></row>`).join(
            "",
          ) + sheetTail,
        ),
      outcomes: ["FILE_CORRUPT"],
    },
    {
      name: "two rows that alternate, far apart",
      make: () =>
        sheetOf(Array.from({ length: 100_000 }, (_, at) => `<c r="${at % 2 === 0 ? "A2" : "A9000"}"><v>1</v></c>`).join("") + sheetTail),
      outcomes: ["rows"],
    },
    {
      name: "wrong counts of shared strings",
      make: () => strings(`<sst xmlns="${mainNamespace}" count="4294967295" uniqueCount="4294967295"><si><t>a</t></si>`, "", 0),
      outcomes: ["rows"],
    },
    {
      name: "ten million empty shared strings",
      make: () => strings(stringsHead, "<si/>".repeat(100_000), 100),
      outcomes: ["rows", "LIMIT_EXCEEDED"],
    },
    {
      name: "two million shared strings of NUL",
      make: () => strings(stringsHead, "<si><t>_x0000_</t></si>".repeat(10_000), 40),
      outcomes: ["rows"],
    },
    {
      name: "a shared string of a megabyte in twenty thousand cells",
      make: () =>
        workbookBytes({
          strings: [noise(miB - 1)],
          sheets: [{ rows: '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>'.repeat(10_000) }],
        }),
      outcomes: ["rows"],
    },
    {
      name: "a missing shared string",
      make: () => sheetOf(`<row><c t="s"><v>4294967296</v></c></row>${sheetTail}`),
      outcomes: ["FILE_CORRUPT"],
    },
    {
      name: "a shared string of 60 MB",
      make: () => workbookBytes({ strings: [noise(60 * miB)], rows: '<row><c t="s"><v>0</v></c></row>' }),
      outcomes: exceeded,
      slow: true,
    },
    {
      name: "an inline string of 60 MB",
      make: () => sheetOf(`<row><c t="inlineStr"><is><t>${noise(60 * miB)}</t></is></c></row>${sheetTail}`),
      outcomes: exceeded,
      slow: true,
    },
    {
      name: "a formula of 60 MB",
      make: () => sheetOf(`<row><c><f>${noise(60 * miB)}</f><v>1</v></c></row>${sheetTail}`),
      outcomes: exceeded,
      slow: true,
    },
    { name: "a number of 60 MB", make: () => sheetOf(`<row><c><v>${"1".repeat(9 * miB)}</v></c></row>${sheetTail}`), outcomes: exceeded },
    {
      name: "a number of a megabyte",
      make: () => sheetOf(`<row><c><v>${"1".repeat(miB - 1)}</v></c></row>${sheetTail}`),
      outcomes: ["rows"],
    },
    {
      name: "a text of a million runs",
      make: () => sheetOf(`<row><c t="inlineStr"><is>${"<r><t>a</t></r>".repeat(500_000)}</is></c></row>${sheetTail}`),
      outcomes: exceeded,
    },
    {
      name: "a text of a million references",
      make: () => sheetOf(`<row><c t="inlineStr"><is><t>${"&#65;".repeat(1_000_000)}</t></is></c></row>${sheetTail}`),
      outcomes: exceeded,
    },
    {
      name: "three million merged ranges",
      make: () =>
        workbookBytes({ sheets: [{ rows: small, after: `<mergeCells>${'<mergeCell ref="A1:B2"/>'.repeat(400_000)}</mergeCells>` }] }),
      outcomes: ["rows"],
    },
    {
      name: "three million merged ranges to be filled",
      make: () =>
        workbookBytes({ sheets: [{ rows: small, after: `<mergeCells>${'<mergeCell ref="A1:B2"/>'.repeat(400_000)}</mergeCells>` }] }),
      outcomes: exceeded,
      options: { merged: "fill" },
    },
    {
      name: "many merged ranges of the whole grid",
      make: () =>
        workbookBytes({
          sheets: [
            {
              rows: `<row><c r="A1"><v>1</v></c></row>${small.replaceAll("A", "XFD")}`,
              after: `<mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(90_000)}</mergeCells>`,
            },
          ],
        }),
      outcomes: ["rows", "LIMIT_EXCEEDED"],
      options: { merged: "fill" },
    },
  ]
}

/** Small files that could take much time or memory, each kind in three sizes. */
function multiplied(): HostileWorkbook[] {
  const exceeded = ["LIMIT_EXCEEDED"]
  const sizes = (
    name: string,
    counts: readonly number[],
    outcomes: (count: number) => readonly string[],
    make: (count: number) => Buffer,
  ) => counts.map((count) => ({ name: `${name}, ${count}`, make: () => make(count), outcomes: outcomes(count) }))
  const wide = `<row>${Array.from({ length: 16_384 }, (_, at) => `<c t="str"><v>c${at}</v></c>`).join("")}</row>`
  const numbers = `<row>${"<c><v>1</v></c>".repeat(16_384)}</row>`
  return [
    ...sizes(
      "sheets that share a part",
      [10, 100, 1000],
      () => ["FILE_HOSTILE"],
      (count) =>
        workbookBytes({
          rows: small,
          parts: [
            {
              name: "xl/workbook.xml",
              content: `<workbook xmlns="${mainNamespace}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${Array.from({ length: count }, (_, at) => `<sheet name="s${at}" sheetId="${at + 1}" r:id="rId1"/>`).join("")}</sheets></workbook>`,
            },
          ],
        }),
    ),
    ...sizes(
      "sheets",
      [100, 1000, 11_000],
      (count) => (count > 10_000 ? exceeded : ["rows"]),
      (count) => workbookBytes({ sheets: Array.from({ length: count }, (_, at) => ({ name: `s${at}`, rows: small })) }),
    ),
    ...sizes(
      "relationships",
      [1000, 10_000, 100_000],
      (count) => (count > 16_384 ? exceeded : ["rows"]),
      (count) =>
        workbookBytes({
          rows: small,
          parts: [
            {
              name: "xl/_rels/workbook.xml.rels",
              content: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${Array.from({ length: count }, (_, at) => `<Relationship Id="rId${at + 1}" Type="x/worksheet" Target="worksheets/sheet1.xml"/>`).join("")}</Relationships>`,
            },
          ],
        }),
    ),
    ...sizes(
      "namespaces within namespaces",
      [100, 1000, 10_000],
      () => ["rows"],
      (count) => {
        const bound = (level: number) => Array.from({ length: 200 }, (_, at) => `xmlns:p${level}x${at}="n"`).join(" ")
        const levels = Array.from({ length: 100 }, (_, level) => `<a ${bound(level)}>`).join("")
        const inner = '<b xmlns:q="n"/>'.repeat(count)
        return workbookBytes({
          rows: small,
          parts: [
            { name: "xl/styles.xml", content: `<styleSheet xmlns="${mainNamespace}">${levels}${inner}${"</a>".repeat(100)}</styleSheet>` },
          ],
        })
      },
    ),
    ...sizes(
      "rows of one cell in a table of all columns",
      [100, 1000, 10_000],
      () => ["rows"],
      (count) => sheetOf(`${wide}${numbers}${"<row><c><v>1</v></c></row>".repeat(count)}${sheetTail}`),
    ),
    ...sizes(
      "blank rows in a table of all columns",
      [1000, 10_000, 100_000],
      () => ["rows"],
      (count) => sheetOf(`${wide}${numbers}${'<row><c t="str"><v></v></c></row>'.repeat(count)}${sheetTail}`),
    ),
    ...sizes(
      "rows of faults in every cell",
      [1, 10, 100],
      () => ["rows"],
      (count) => sheetOf(`${wide}${`<row>${'<c t="inlineStr"><is><t>_x0000_</t></is></c>'.repeat(1000)}</row>`.repeat(count)}${sheetTail}`),
    ),
    ...sizes(
      "entries that differ in case",
      [100, 1000, 9000],
      () => ["rows"],
      (count) =>
        zipBytes([
          ...workbookParts({ rows: small }),
          ...Array.from({ length: count }, (_, at) => ({
            name: [...at.toString(2).padStart(14, "0")].map((bit) => (bit === "0" ? "a" : "A")).join(""),
            content: "",
            method: 0,
          })),
        ]),
    ),
    ...sizes(
      "styles of empty elements",
      [10_000, 100_000, 1_000_000],
      (count) => (count > 1 << 18 ? exceeded : ["rows"]),
      (count) =>
        workbookBytes({
          rows: small,
          parts: [repeatedPart("xl/styles.xml", "<styleSheet><cellXfs>", "<xf/>".repeat(1000), count / 1000, "</cellXfs></styleSheet>")],
        }),
    ),
  ]
}

/** All hostile workbooks. */
export function hostileWorkbooks(): readonly HostileWorkbook[] {
  return [...zips(), ...documentTypes(), ...tags(), ...cells(), ...multiplied()]
}

/** A valid workbook, which tests cut off. */
export function soundWorkbook(): Buffer {
  const rows = Array.from(
    { length: 2000 },
    (_, at) =>
      `<row r="${at + 1}"><c r="A${at + 1}"><v>${Math.sin(at)}</v></c><c r="B${at + 1}" t="str"><v>${noise(20)}${at}</v></c></row>`,
  )
  return workbookBytes({ rows: rows.join(""), strings: ["a", "b"] })
}
