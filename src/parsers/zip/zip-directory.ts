import { isUtf8 } from "node:buffer"
import { type Entry, fromBufferPromise, getFileNameLowLevel, validateFileName } from "yauzl"
import type { SourceFile } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { readRange } from "../../kernel/read-range.ts"
import { type EndRecord, endRecordReach, findEndRecord } from "./end-record.ts"
import { limitExceeded } from "./limit-exceeded.ts"
import type { ZipEntry } from "./zip-entry.ts"
import type { ZipBounds } from "./zip-limits.ts"

const entryHeaderBytes = 46
const entrySignature = 0x02014b50
const localHeaderBytes = 30

/**
 * Reads a zip file's central directory: the entries in the order of the directory, after every check that needs no inflating.
 *
 * Fails with `FILE_TRUNCATED` where there is no end record, `FILE_CORRUPT` where the directory contradicts itself, `FILE_HOSTILE` for
 * overlapping entries, equal names and names that lead out of the zip, `LIMIT_EXCEEDED`.
 */
export async function readZipDirectory(file: SourceFile, size: number, bounds: ZipBounds): Promise<readonly ZipEntry[]> {
  const tailStart = Math.max(0, size - endRecordReach)
  const tail = await readRange(file, tailStart, size)
  const record = findEndRecord(tail, tailStart)
  if (record === undefined) throw truncated(file.uri)
  refuseLarge("The zip file", "entries", record.entries, bounds, "entries", file.uri)
  refuseLarge("The directory of the zip file", "bytes", record.directoryBytes, bounds, "directoryBytes", file.uri)
  const { directory, prefix } = await readDirectory(file, record, tail, tailStart)
  const counted = countEntries(directory)
  if (counted !== record.entries)
    throw corrupt(file.uri, `The zip directory holds ${counted} entries and says that it holds ${record.entries}.`)
  const listed: ZipEntry[] = []
  const leastBytes = new Map<ZipEntry, number>()
  try {
    const zip = await fromBufferPromise(standalone(directory, counted), { decodeStrings: false })
    for await (const raw of zip.eachEntry()) {
      const entry = entryOf(raw, prefix, file.uri)
      listed.push(entry)
      // The local header's extra field is not known yet.
      leastBytes.set(entry, localHeaderBytes + raw.fileNameRaw.length + entry.compressedBytes)
    }
  } catch (cause) {
    if (cause instanceof RowgateError) throw cause
    throw corrupt(file.uri, `The zip directory cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, cause)
  }
  const total = listed.reduce((sum, entry) => sum + entry.bytes, 0)
  refuseLarge("The content of the zip file", "bytes", total, bounds, "totalBytes", file.uri)
  refuseEqualNames(listed, file.uri)
  return withEnds(listed, leastBytes, record.directoryStart, file.uri)
}

async function readDirectory(file: SourceFile, record: EndRecord, tail: Buffer, tailStart: number) {
  const read = (start: number) =>
    start >= tailStart
      ? Promise.resolve(tail.subarray(start - tailStart, start - tailStart + record.directoryBytes))
      : readRange(file, start, start + record.directoryBytes)
  const directory = await read(record.directoryStart)
  if (record.prefix === 0 || record.entries === 0 || directory.readUInt32LE(0) === entrySignature)
    return { directory, prefix: record.prefix }
  // Not bytes before the zip, then, but bytes between its directory and its end record.
  return { directory: await read(record.directoryStart - record.prefix), prefix: 0 }
}

function countEntries(directory: Buffer): number {
  let entries = 0
  let at = 0
  while (at + entryHeaderBytes <= directory.length && directory.readUInt32LE(at) === entrySignature) {
    at += entryHeaderBytes + directory.readUInt16LE(at + 28) + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    entries++
  }
  return entries
}

/** The directory as a zip file of its own, so that yauzl reads it from memory: in place it would read twice for each entry. */
function standalone(directory: Buffer, entries: number): Buffer {
  const end = Buffer.alloc(56 + 20 + 22)
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeBigUInt64LE(BigInt(entries), 24)
  end.writeBigUInt64LE(BigInt(entries), 32)
  end.writeBigUInt64LE(BigInt(directory.length), 40)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeBigUInt64LE(BigInt(directory.length), 64)
  end.writeUInt32LE(1, 72)
  end.writeUInt32LE(0x06054b50, 76)
  end.fill(0xff, 84, 96)
  return Buffer.concat([directory, end])
}

function entryOf(entry: Entry, prefix: number, uri: string): ZipEntry {
  const name = nameOf(entry)
  const fault = validateFileName(name)
  if (fault !== null) {
    throw new RowgateError({
      code: "FILE_HOSTILE",
      message: `The zip file holds an entry whose name leads out of it (${fault}).`,
      remedy: "Do not trust the file; ask its sender for another one.",
      origin: { uri },
    })
  }
  return {
    name,
    method: entry.compressionMethod,
    encrypted: (entry.generalPurposeBitFlag & 1) !== 0,
    crc32: entry.crc32,
    compressedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    offset: entry.relativeOffsetOfLocalHeader + prefix,
    end: 0,
  }
}

/** Writers that use UTF-8 and forget to say so are commoner than ones that use code page 437. */
function nameOf(entry: Entry): string {
  const raw = entry.fileNameRaw
  const name = isUtf8(raw) ? raw.toString("utf8") : getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false)
  return name.replaceAll("\\", "/")
}

function refuseEqualNames(entries: readonly ZipEntry[], uri: string): void {
  const names = new Set<string>()
  for (const { name } of entries) {
    if (names.has(name)) {
      throw new RowgateError({
        code: "FILE_HOSTILE",
        message: `The zip file holds two entries called ${name}: which one counts is open.`,
        remedy: "Save the workbook again with the program that made it.",
        origin: { uri },
      })
    }
    names.add(name)
  }
}

/** Bytes that belong to two entries let a small file hold a lot: each entry has to end where the next begins, or before. */
function withEnds(
  entries: readonly ZipEntry[],
  leastBytes: ReadonlyMap<ZipEntry, number>,
  directoryStart: number,
  uri: string,
): ZipEntry[] {
  const byOffset = [...entries].sort((one, other) => one.offset - other.offset)
  const ends = new Map<ZipEntry, number>()
  byOffset.forEach((entry, at) => {
    const next = byOffset[at + 1]
    const end = next?.offset ?? directoryStart
    if (entry.offset + (leastBytes.get(entry) ?? 0) > end) {
      if (next === undefined) throw corrupt(uri, `The zip entry ${entry.name} does not end before the directory.`)
      throw overlap(entry.name, next.name, uri)
    }
    ends.set(entry, end)
  })
  return entries.map((entry) => ({ ...entry, end: ends.get(entry) ?? directoryStart }))
}

function overlap(one: string, other: string, uri: string): RowgateError {
  return new RowgateError({
    code: "FILE_HOSTILE",
    message: `The zip entries ${one} and ${other} overlap.`,
    remedy: "Do not trust the file; ask its sender for another one.",
    origin: { uri },
  })
}

function refuseLarge(subject: string, unit: string, seen: number, bounds: ZipBounds, limit: keyof ZipBounds, uri: string): void {
  if (seen > bounds[limit]) throw limitExceeded({ subject, unit, seen, limit: bounds[limit], option: `limits.${limit}`, origin: { uri } })
}

function truncated(uri: string): RowgateError {
  return new RowgateError({
    code: "FILE_TRUNCATED",
    message: `${uri} begins as a zip file and has no end record: its end is missing.`,
    remedy: "Transfer the file again, whole.",
    origin: { uri },
  })
}

function corrupt(uri: string, message: string, cause?: unknown): RowgateError {
  const remedy = "Transfer the file again, or save it again with the program that made it."
  return new RowgateError({ code: "FILE_CORRUPT", message, remedy, origin: { uri }, cause })
}
