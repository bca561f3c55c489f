import { gzipSync } from "node:zlib"
import exceljs from "exceljs"
import { parquetWriteBuffer } from "hyparquet-writer"
import { beforeAll, expect, test } from "vitest"
import type { SourceFile } from "../../src/contract/source.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import type { Row } from "../../src/model/cell-value.ts"
import { type AutoParserOptions, autoParser } from "../../src/parsers/auto.ts"
import { ZipArchive } from "../../src/parsers/files/zip/zip-archive.ts"
import { chunkedFile } from "./chunked-file.ts"
import { type ZipPart, zipBytes } from "./files/zip/zip-bytes.ts"
import { readContext } from "./read-table.ts"
import { workbookBytes } from "./xlsx/workbook-bytes.ts"

const csv = "id,name\n1,Ada\n2,Grace\n"
const rows = [
  { id: "1", name: "Ada" },
  { id: "2", name: "Grace" },
]
const files: { [format: string]: Uint8Array } = {}

beforeAll(async () => {
  const typed = rows.map(({ id, name }) => ({ id: Number(id), name }))
  const workbook = new exceljs.Workbook()
  workbook.addWorksheet("People").addRows([["id", "name"], ...typed.map((row) => Object.values(row))])
  files["csv"] = Buffer.from(csv)
  files["json"] = Buffer.from(JSON.stringify(typed))
  files["ndjson"] = Buffer.from(typed.map((row) => JSON.stringify(row)).join("\n"))
  files["xlsx"] = new Uint8Array(await workbook.xlsx.writeBuffer())
  files["parquet"] = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "id", data: [1, 2], type: "INT32" },
        { name: "name", data: ["Ada", "Grace"], type: "STRING" },
      ],
    }),
  )
})

interface Read {
  readonly name: string
  readonly notices: readonly string[]
  readonly rows: readonly Row[]
  readonly uri: string
}

async function readAll(file: SourceFile, options: AutoParserOptions = {}): Promise<Read[]> {
  const tables = new Map<object, { name: string; notices: string[]; rows: Row[]; uri: string }>()
  for await (const batch of autoParser(options).parse(file, readContext())) {
    const table = tables.get(batch.table) ?? {
      name: batch.table.name,
      notices: (batch.table.notices ?? []).map(({ code }) => code),
      rows: [],
      uri: batch.length > 0 ? batch.origin(0).uri : "",
    }
    tables.set(batch.table, table)
    table.rows.push(...batch.rows)
  }
  return [...tables.values()]
}

const asTexts = (read: readonly Row[] | undefined) => read?.map(({ id, name }) => ({ id: String(id), name }))
const unsized = ({ size: _, read: __, ...file }: SourceFile): SourceFile => file

test.each(["csv", "json", "ndjson", "xlsx", "parquet"])("%s is told by its bytes, whatever it is called", async (format) => {
  for (const name of [`people.${format}`, "people", "people.pdf"]) {
    const [table] = await readAll(chunkedFile(files[format] ?? "", 1000, name))
    expect(asTexts(table?.rows)).toEqual(rows)
    expect(table?.notices.filter((code) => code.startsWith("format"))).toEqual([])
  }
})

test("a name that promises another format is a notice", async () => {
  expect((await readAll(chunkedFile(files["xlsx"] ?? "", 1000, "people.csv")))[0]?.notices).toContain("format.extension")
  expect((await readAll(chunkedFile(csv, 1000, "people.xlsx")))[0]?.notices).toContain("format.extension")
  expect((await readAll(chunkedFile(gzipSync(csv), 1000, "people.csv")))[0]?.notices).toContain("format.extension")
})

test.each(["csv", "json", "ndjson", "xlsx", "parquet"])(
  "%s is read within gzip and within zip, and within gzip within zip",
  async (format) => {
    const content = files[format] ?? Buffer.alloc(0)
    const gzip = gzipSync(content)
    const zip = zipBytes([{ name: `data/people.${format}`, content }])
    const both = zipBytes([{ name: `people.${format}.gz`, content: gzip }])
    for (const [name, packed, inner] of [
      [`people.${format}.gz`, gzip, `people.${format}.gz!/people.${format}`],
      ["people.zip", zip, `people.zip!/data/people.${format}`],
      ["people.zip", both, `people.zip!/people.${format}.gz!/people.${format}`],
    ] as const) {
      for (const file of [chunkedFile(packed, 100, name), unsized(chunkedFile(packed, 100, name))]) {
        const [table, ...others] = await readAll(file)
        expect(asTexts(table?.rows)).toEqual(rows)
        expect(table?.uri).toBe(inner)
        expect(others).toEqual([])
      }
    }
  },
)

test("a zip of several files gives a table for each, and a notice names the skipped files", async () => {
  const people = (name: string): ZipPart => ({ name, content: csv })
  const zip = zipBytes([
    people("b.csv"),
    { name: "readme.md", content: "# Orders" },
    { name: "docs/README.txt", content: "Orders of March, one file for each region" },
    { name: "~$b.xlsx", content: "\u0003Eva" },
    { name: "__MACOSX/._b.csv", content: "x" },
    { name: "folder/", content: "" },
    { name: "folder/a.json", content: files["json"] ?? "" },
  ])
  const tables = await readAll(chunkedFile(zip, 1000, "all.zip"))
  expect(tables.map(({ name }) => name)).toEqual(["b.csv", "a.json"])
  expect(tables.map(({ notices }) => notices)).toEqual([["zip.skipped", "zip.skipped"], []])
  expect(tables.map((table) => asTexts(table.rows))).toEqual([rows, rows])
})

test("the only file of a zip is read, whatever its name", async () => {
  expect(asTexts((await readAll(chunkedFile(zipBytes([{ name: "people.weird", content: csv }]))))[0]?.rows)).toEqual(rows)
})

test("a workbook is recognised by its directory, in whatever order its parts come", async () => {
  const archive = await ZipArchive.open(chunkedFile(files["xlsx"] ?? ""), files["xlsx"]?.length ?? 0)
  const parts: ZipPart[] = [{ name: "xl/media/large.bin", content: Buffer.alloc(200_000, 1), method: 0 }]
  for (const entry of archive.entries) parts.push({ name: entry.name, content: await archive.read(entry, 1 << 20, "limits.entryBytes") })
  expect(asTexts((await readAll(chunkedFile(zipBytes(parts))))[0]?.rows)).toEqual(rows)
})

async function codeOf(content: string | Uint8Array, options: AutoParserOptions = {}): Promise<string> {
  try {
    await readAll(chunkedFile(content, 100, "orders"), options)
    return "read"
  } catch (error) {
    if (error instanceof RowgateError) return error.code
    throw error
  }
}

test("a packed file that cannot be read is refused, and the error names its format", async () => {
  expect(await codeOf(zipBytes([{ name: "a.pdf", content: "%PDF-1.7" }]))).toBe("FORMAT_UNSUPPORTED")
  expect(
    await codeOf(
      zipBytes([
        { name: "content.xml", content: "<x/>" },
        { name: "mimetype", content: "x" },
      ]),
    ),
  ).toBe("FORMAT_UNSUPPORTED")
  expect(await codeOf(zipBytes([]))).toBe("SOURCE_EMPTY")
  expect(
    await codeOf(
      zipBytes([
        { name: "a.md", content: "a" },
        { name: "b.md", content: "b" },
      ]),
    ),
  ).toBe("TABLE_NOT_FOUND")
  expect(await codeOf(zipBytes([{ name: "a.csv", content: "" }]))).toBe("SOURCE_EMPTY")
  expect(await codeOf(gzipSync(""))).toBe("SOURCE_EMPTY")
  expect(await codeOf(gzipSync(gzipSync(gzipSync(csv))))).toBe("FORMAT_UNSUPPORTED")
  expect(await codeOf(gzipSync(gzipSync(csv)))).toBe("read")
})

test("a gzip file that is damaged or cut off is an error, at every length", async () => {
  const gzip = gzipSync(Array.from({ length: 2000 }, (_, at) => `${at},${at * 7919}\n`).join(""))
  for (let length = 3; length < gzip.length; length += 997) expect(await codeOf(gzip.subarray(0, length))).toBe("FILE_TRUNCATED")
  const damaged = Buffer.from(gzip)
  damaged.fill(0xff, 2000, 2100)
  expect(await codeOf(damaged)).toBe("FILE_CORRUPT")
  const wrongSum = Buffer.from(gzip)
  wrongSum[gzip.length - 8] = (wrongSum[gzip.length - 8] ?? 0) ^ 1
  expect(await codeOf(wrongSum)).toBe("FILE_CORRUPT")
})

test("a gzip or zip that unpacks to far too much is refused before it does", async () => {
  const zeros = Buffer.alloc(24_000_000, "1,2\n")
  expect(await codeOf(gzipSync(zeros, { level: 9 }))).toBe("LIMIT_EXCEEDED")
  expect(await codeOf(zipBytes([{ name: "a.csv", content: zeros }]))).toBe("LIMIT_EXCEEDED")
  expect(await codeOf(gzipSync(csv), { limits: { totalBytes: 10 } })).toBe("LIMIT_EXCEEDED")
  expect(await codeOf(gzipSync(files["xlsx"] ?? ""), { limits: { heldBytes: 1000 } })).toBe("LIMIT_EXCEEDED")
  expect(await codeOf(gzipSync(zeros.subarray(0, 11_000_000)), { limits: { ratio: 2000 } })).toBe("read")
})

test("a gzip in a zip does not multiply what either may unpack to", async () => {
  const part = (at: number) => ({ name: `${at}.csv.gz`, content: gzipSync(Buffer.alloc(4_000_000, "1,2\n"), { level: 9 }), method: 0 })
  const archive = zipBytes([1, 2, 3].map(part))
  expect(await codeOf(zipBytes([part(1)]))).toBe("read")
  expect(await codeOf(archive)).toBe("LIMIT_EXCEEDED")
  expect(await codeOf(archive, { limits: { ratio: 2000 } })).toBe("read")
})

test("all workbooks in a zip together may not unpack to more than one file may", async () => {
  const workbook = workbookBytes({ sheets: [{ rows: "<row><c><v>1</v></c></row>".repeat(200_000) }] })
  const archive = (count: number) => zipBytes(Array.from({ length: count }, (_, at) => ({ name: `${at}.xlsx`, content: workbook })))
  expect(await codeOf(archive(1))).toBe("read")
  expect(await codeOf(archive(3))).toBe("LIMIT_EXCEEDED")
})

test("a zip may have a thousand files to read, and others beside them", async () => {
  const archive = (count: number) =>
    zipBytes([
      ...Array.from({ length: count }, (_, at) => ({ name: `${at}.csv`, content: "a\n1\n" })),
      ...Array.from({ length: 10 }, (_, at) => ({ name: `${at}.png`, content: "picture" })),
    ])
  expect(await codeOf(archive(1000))).toBe("read")
  expect(await codeOf(archive(1001))).toBe("LIMIT_EXCEEDED")
  expect(await codeOf(archive(1001), { limits: { files: 2000 } })).toBe("read")
})

test("an encrypted workbook is told from an old one even if its directory is far from its beginning", async () => {
  const sector = 512
  const head = Buffer.alloc(sector)
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(head)
  head.writeUInt16LE(9, 30)
  head.writeUInt32LE(400, 48)
  const directory = Buffer.alloc(4096)
  directory.write("EncryptedPackage", 128, "utf16le")
  expect(await codeOf(Buffer.concat([head, Buffer.alloc(400 * sector, 7), directory]))).toBe("FORMAT_ENCRYPTED")
})

test("a reader that stops early closes what it opened", async () => {
  const large = Array.from({ length: 200_000 }, (_, at) => `${at},x\n`).join("")
  let opened = 0
  let closed = 0
  const inner = chunkedFile(gzipSync(large), 10_000, "large.csv.gz")
  const file: SourceFile = {
    ...inner,
    async *stream(range) {
      opened++
      try {
        yield* inner.stream(range)
      } finally {
        closed++
      }
    },
  }
  for await (const batch of autoParser().parse(file, readContext({ batchRows: 10 }))) if (batch.length > 0) break
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(opened).toBeGreaterThan(1)
  expect(closed).toBe(opened)
})
