import { crc32, deflateRawSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import type { SourceFile } from "../../../../src/contract/source.ts"
import { ZipArchive } from "../../../../src/parsers/files/zip/zip-archive.ts"
import type { ZipEntry } from "../../../../src/parsers/files/zip/zip-entry.ts"
import type { ZipLimits } from "../../../../src/parsers/files/zip/zip-limits.ts"
import { chunkedFile } from "../../chunked-file.ts"
import { type ZipPart, type ZipShape, zipBytes } from "./zip-bytes.ts"

const open = (bytes: Uint8Array, limits?: ZipLimits, chunkBytes?: number) =>
  ZipArchive.open(chunkedFile(bytes, chunkBytes), bytes.length, limits)

/** Reads every entry of a zip file. */
async function contents(
  parts: readonly ZipPart[],
  shape: ZipShape = {},
  limits?: ZipLimits,
  chunkBytes?: number,
): Promise<{ [name: string]: string }> {
  const zip = await open(zipBytes(parts, shape), limits, chunkBytes)
  const found: { [name: string]: string } = {}
  for (const entry of zip.entries) found[entry.name] = (await zip.read(entry, 1e9, "none")).toString()
  return found
}

const a = { name: "a.txt", content: "first" }
const b = { name: "dir/b.txt", content: "second ".repeat(1000) }
const both = { "a.txt": a.content, "dir/b.txt": b.content }

describe("zip files", () => {
  test.each([1, 5, 1000, 65_536])("deflated and stored entries are read, in chunks of %i bytes", async (chunkBytes) => {
    expect(await contents([a, { ...b, method: 0 }], {}, {}, chunkBytes)).toEqual({ "a.txt": "first", "dir/b.txt": b.content })
    expect(await contents([a, b], {}, {}, chunkBytes)).toEqual(both)
  })

  test("sizes are read from descriptors and zip64 fields, and local extra fields of any length are skipped", async () => {
    expect(
      await contents([
        { ...a, descriptor: true },
        { ...b, descriptor: true },
      ]),
    ).toEqual(both)
    expect(
      await contents([
        { ...a, zip64: true },
        { ...b, zip64: true },
      ]),
    ).toEqual(both)
    expect(
      await contents([
        { ...a, localExtra: Buffer.alloc(40) },
        { ...b, localExtra: Buffer.alloc(7) },
      ]),
    ).toEqual(both)
  })

  test("bytes before and after the zip, and a comment, are ignored", async () => {
    expect(
      await contents([a, b], {
        before: Buffer.from("#!/bin/sh\n"),
        after: Buffer.alloc(3000, 10),
        comment: "made by PK\x05\x06 somebody, who wrote a lot",
      }),
    ).toEqual(both)
    expect(await contents([a, b], { comment: "x".repeat(65_535) })).toEqual(both)
  })

  test("an empty zip has no entries", async () => {
    expect(await contents([])).toEqual({})
  })

  test("an entry is found by its exact name first, then ignoring case if that is unique", async () => {
    const zip = await open(
      zipBytes([
        { name: "xl\\Workbook.xml", content: "1" },
        { name: "A", content: "2" },
        { name: "a", content: "3" },
      ]),
    )
    expect(zip.find("XL/workbook.XML")?.name).toBe("xl/Workbook.xml")
    expect(zip.find("a")?.name).toBe("a")
    expect(zip.find("A")?.name).toBe("A")
    const clash = await open(
      zipBytes([
        { name: "Ab", content: "2" },
        { name: "aB", content: "3" },
      ]),
    )
    expect(clash.find("ab")).toBeUndefined()
  })

  test("an entry is found by its percent-decoded name if no name matches exactly", async () => {
    const zip = await open(
      zipBytes([
        { name: "my%20sheet.xml", content: "1" },
        { name: "100%.xml", content: "2" },
      ]),
    )
    for (const name of ["my%20sheet.xml", "my sheet.xml", "My%20Sheet.xml"]) expect(zip.find(name)?.name).toBe("my%20sheet.xml")
    expect(zip.find("100%.xml")?.name).toBe("100%.xml")
  })

  test("a name in code page 437, which is longer in UTF-8, does not make entries overlap", async () => {
    const bytes = zipBytes([{ name: "-", rawName: Buffer.from([0x81, 0x82, 0x83, 0x84]), content: "", method: 0, flags: 0 }, a])
    const zip = await open(bytes)
    expect(zip.entries.map(({ name }) => name)).toEqual(["üéâä", "a.txt"])
    expect(String(await zip.read(zip.entries[1] as ZipEntry, 100, "none"))).toBe("first")
  })

  test("a Unicode name field is used only if its CRC is that of the name", async () => {
    const rawName = Buffer.from([0x8d, 0x2e, 0x78])
    const other = Buffer.from("и.x")
    const field = (version: number, of: Uint8Array) => {
      const head = Buffer.alloc(9)
      head.writeUInt16LE(0x7075, 0)
      head.writeUInt16LE(5 + other.length, 2)
      head[4] = version
      head.writeUInt32LE(crc32(of), 5)
      return Buffer.concat([head, other])
    }
    const named = async (extra: Uint8Array) =>
      (await open(zipBytes([{ name: "-", rawName, content: "", flags: 0, extra }]))).entries.map(({ name }) => name)
    expect(await named(field(1, rawName))).toEqual(["и.x"])
    expect(await named(field(2, rawName))).toEqual(["ì.x"])
    expect(await named(field(1, Buffer.from("before it was renamed")))).toEqual(["ì.x"])
    // A field that is cut off hides the fields after it.
    expect(await named(Buffer.from([9, 0, 255, 0, ...field(1, rawName)]))).toEqual(["ì.x"])
  })

  test("a zip64 field may hold only the numbers that do not fit in the header", async () => {
    const stored = deflateRawSync(b.content)
    const extra = Buffer.alloc(12)
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8, 2)
    extra.writeBigUInt64LE(BigInt(stored.length), 4)
    expect(await contents([a, { ...b, stored, storedBytes: 0xffff_ffff, extra }])).toEqual(both)
  })

  test("reading an entry takes one range request, and reading the directory takes one", async () => {
    const bytes = zipBytes(Array.from({ length: 300 }, (_, at) => ({ name: `entry ${at}`, content: `${at}`.repeat(1000) })))
    const underlying = chunkedFile(bytes)
    const requests: string[] = []
    const file: SourceFile = {
      uri: underlying.uri,
      stream(range) {
        requests.push(`${range?.start}-${range?.end}`)
        return underlying.stream(range)
      },
    }
    const zip = await ZipArchive.open(file, bytes.length)
    expect(requests).toHaveLength(1)
    const entry = zip.entries[17]
    if (entry === undefined) throw new Error("too few entries")
    expect((await zip.read(entry, 1e6, "none")).toString()).toBe("17".repeat(1000))
    expect(requests).toHaveLength(2)
  })
})

describe("corrupt and hostile zip files", () => {
  test.each<[string, string, ZipPart[], ZipShape]>([
    ["a wrong checksum", "FILE_CORRUPT", [{ ...a, crc: 1 }], {}],
    ["a wrong checksum of a stored entry", "FILE_CORRUPT", [{ ...a, method: 0, crc: 1 }], {}],
    ["a size that is too large", "FILE_CORRUPT", [{ ...b, bytes: 8000 }], {}],
    ["a size that is too small", "FILE_HOSTILE", [{ ...b, bytes: 10 }], {}],
    ["a stored size that is too small", "FILE_CORRUPT", [{ ...b, storedBytes: 10 }, a], {}],
    ["bytes that are not deflate", "FILE_CORRUPT", [{ ...b, stored: Buffer.alloc(100, 255) }], {}],
    ["deflate that does not end", "FILE_CORRUPT", [{ ...b, stored: Buffer.from([0, 5, 0, 250, 255, 65]) }], {}],
    ["two entries with one name", "FILE_HOSTILE", [a, { ...a, content: "other" }], {}],
    ["two names that differ only in slashes", "FILE_HOSTILE", [b, { ...b, name: "dir\\b.txt" }], {}],
    ["overlapping entries", "FILE_HOSTILE", [a, { ...b, offset: 0 }], {}],
    ["an entry within another", "FILE_HOSTILE", [b, { ...a, offset: 3 }], {}],
    ["an entry that ends beyond the directory", "FILE_CORRUPT", [a, { ...b, storedBytes: 100_000 }], {}],
    ["an entry that does not begin at its offset", "FILE_CORRUPT", [{ ...b, offset: 5, localExtra: Buffer.alloc(10) }], {}],
    ["a name that points outside", "FILE_HOSTILE", [{ ...a, name: "../a.txt" }], {}],
    ["a name that points outside with backslashes", "FILE_HOSTILE", [{ ...a, name: "x\\..\\..\\a.txt" }], {}],
    ["an absolute name", "FILE_HOSTILE", [{ ...a, name: "/etc/passwd" }], {}],
    ["a name with a drive", "FILE_HOSTILE", [{ ...a, name: "C:\\a.txt" }], {}],
    ["more entries than the end record says", "FILE_CORRUPT", [a, b], { entries: 1 }],
    ["fewer entries than the end record says", "FILE_CORRUPT", [a, b], { entries: 3 }],
    ["a zip64 field without its number", "FILE_CORRUPT", [{ ...a, storedBytes: 0xffff_ffff, extra: Buffer.from([1, 0, 0, 0]) }], {}],
    ["an encrypted entry", "FORMAT_ENCRYPTED", [{ ...a, flags: 1 }], {}],
    ["a strongly encrypted entry", "FORMAT_ENCRYPTED", [{ ...a, flags: 0x40 }], {}],
    ["another compression method", "FORMAT_UNSUPPORTED", [{ ...a, method: 9, stored: Buffer.from("x") }], {}],
  ])("%s is refused with %s", async (_, code, parts, shape) => {
    await expect(contents(parts, shape)).rejects.toMatchObject({ code, origin: { uri: "memory/file" } })
  })

  test("a directory whose last entry is longer than the directory is refused", async () => {
    const bytes = zipBytes([a])
    bytes.writeUInt16LE(500, bytes.indexOf("PK\x01\x02", 0, "latin1") + 32)
    await expect(open(bytes)).rejects.toMatchObject({ code: "FILE_CORRUPT" })
  })

  test("a zip cut off at any byte is refused", async () => {
    const bytes = zipBytes([a, b])
    for (let length = 0; length < bytes.length; length += 7) {
      await expect(open(bytes.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({
        code: expect.stringMatching(/^FILE_(TRUNCATED|CORRUPT)$/),
      })
    }
  })

  test("a file that is shorter than its listed size is SOURCE_CHANGED", async () => {
    const bytes = zipBytes([a, b])
    await expect(ZipArchive.open(chunkedFile(bytes), bytes.length + 100)).rejects.toMatchObject({ code: "SOURCE_CHANGED", retryable: true })
  })
})

describe("limits of zip files", () => {
  const bomb = { name: "bomb", content: Buffer.alloc(20 * 1024 * 1024) }

  test.each<[keyof ZipLimits, ZipPart[], ZipLimits, RegExp]>([
    ["entries", [a, b], { entries: 1 }, /has 2 entries; the limit is 1 \(limits\.entries\)/],
    ["entryBytes", [b], { entryBytes: 6999 }, /has 7000 bytes; the limit is 6999 \(limits\.entryBytes\)/],
    ["totalBytes", [a, b], { totalBytes: 7004 }, /has 7005 bytes; the limit is 7004 \(limits\.totalBytes\)/],
    ["ratio", [bomb], {}, /times its compressed size; the limit is 200 \(limits\.ratio\)/],
  ])("a file beyond %s is refused, and the error names the option", async (option, parts, limits, message) => {
    await expect(contents(parts, {}, limits)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED", message: expect.stringMatching(message) })
    await expect(contents(parts, {}, limits)).rejects.toMatchObject({ remedy: expect.stringContaining(`limits.${option}`) })
  })

  test("an entry is refused as soon as it inflates to more than its stated size", async () => {
    await expect(contents([{ ...bomb, bytes: 100 }])).rejects.toMatchObject({ code: "FILE_HOSTILE" })
  })

  test("the file is read after the option is raised", async () => {
    const read = await contents([bomb], {}, { ratio: 2000 })
    expect(read["bomb"]).toHaveLength(bomb.content.length)
  })

  test("below 10 MiB any ratio is allowed, because a sheet of equal rows may have a high one", async () => {
    const read = await contents([{ name: "a", content: Buffer.alloc(9 * 1024 * 1024) }])
    expect(read["a"]).toHaveLength(9 * 1024 * 1024)
  })
})
