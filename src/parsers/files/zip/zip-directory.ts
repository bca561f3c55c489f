import type { SourceFile } from "../../../contract/source.ts"
import { limitExceeded } from "../../../errors/limit-exceeded.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import { readRange } from "../read-range.ts"
import { countEntries, type DirectoryEntry, directoryEntries, entrySignature } from "./central-directory.ts"
import { type EndRecord, endRecordReach, findEndRecord } from "./end-record.ts"
import { nameFault } from "./entry-name.ts"
import type { ZipEntry } from "./zip-entry.ts"
import type { ZipBounds } from "./zip-limits.ts"

/**
 * Reads the central directory of a zip file and makes every check that needs no inflating. Entries come in the order of the directory.
 *
 * Throws `FILE_TRUNCATED` if there is no end record, `FILE_CORRUPT` if the directory contradicts itself, `FILE_HOSTILE` for overlapping
 * entries, equal names and names that point outside the zip, and `LIMIT_EXCEEDED`.
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
    throw corrupt(file.uri, `The zip directory has ${counted} entries, but the end record says ${record.entries}.`)
  const listed = listEntries(directory, prefix, file.uri)
  const total = listed.reduce((sum, entry) => sum + entry.bytes, 0)
  refuseLarge("The content of the zip file", "bytes", total, bounds, "totalBytes", file.uri)
  refuseEqualNames(listed, file.uri)
  return withEnds(listed, record.directoryStart, file.uri)
}

async function readDirectory(file: SourceFile, record: EndRecord, tail: Buffer, tailStart: number) {
  const read = (start: number) =>
    start >= tailStart
      ? Promise.resolve(tail.subarray(start - tailStart, start - tailStart + record.directoryBytes))
      : readRange(file, start, start + record.directoryBytes)
  const directory = await read(record.directoryStart)
  if (record.prefix === 0 || record.entries === 0 || directory.readUInt32LE(0) === entrySignature)
    return { directory, prefix: record.prefix }
  // The extra bytes are then not before the zip, but between its directory and its end record.
  return { directory: await read(record.directoryStart - record.prefix), prefix: 0 }
}

function listEntries(directory: Buffer, prefix: number, uri: string): readonly DirectoryEntry[] {
  let listed: DirectoryEntry[]
  try {
    listed = [...directoryEntries(directory, prefix)]
  } catch (cause) {
    throw corrupt(uri, `The zip directory cannot be read: ${(cause as Error).message}.`, cause)
  }
  for (const { name } of listed) {
    const fault = nameFault(name)
    if (fault === undefined) continue
    throw new RowgateError({
      code: "FILE_HOSTILE",
      message: `The zip file has an entry whose name points outside it (${fault}).`,
      remedy: "Do not trust this file; ask the sender for a new one.",
      origin: { uri },
    })
  }
  return listed
}

function refuseEqualNames(entries: readonly DirectoryEntry[], uri: string): void {
  const names = new Set<string>()
  for (const { name } of entries) {
    if (names.has(name)) {
      throw new RowgateError({
        code: "FILE_HOSTILE",
        message: `The zip file has two entries named "${shownText(name)}"; rowgate cannot tell which one to read.`,
        remedy: "Create the file again with the program that made it.",
        origin: { uri },
      })
    }
    names.add(name)
  }
}

/** Overlapping entries make a small file inflate to a huge size, so each entry must end before the next one begins. */
function withEnds(entries: readonly DirectoryEntry[], directoryStart: number, uri: string): ZipEntry[] {
  const byOffset = [...entries].sort((one, other) => one.offset - other.offset)
  const ends = new Map<DirectoryEntry, number>()
  byOffset.forEach((entry, at) => {
    const next = byOffset[at + 1]
    const end = next?.offset ?? directoryStart
    if (entry.offset + entry.leastBytes > end) {
      if (next === undefined) throw corrupt(uri, `The zip entry ${shownText(entry.name)} runs into the directory of the zip file.`)
      throw overlap(entry.name, next.name, uri)
    }
    ends.set(entry, end)
  })
  return entries.map(({ leastBytes: _, ...entry }, at) => ({ ...entry, end: ends.get(entries[at] as DirectoryEntry) ?? directoryStart }))
}

function overlap(one: string, other: string, uri: string): RowgateError {
  return new RowgateError({
    code: "FILE_HOSTILE",
    message: `The zip entries ${shownText(one)} and ${shownText(other)} overlap.`,
    remedy: "Do not trust this file; ask the sender for a new one.",
    origin: { uri },
  })
}

function refuseLarge(subject: string, unit: string, seen: number, bounds: ZipBounds, limit: keyof ZipBounds, uri: string): void {
  if (seen > bounds[limit]) throw limitExceeded({ subject, unit, seen, limit: bounds[limit], option: `limits.${limit}`, origin: { uri } })
}

function truncated(uri: string): RowgateError {
  return new RowgateError({
    code: "FILE_TRUNCATED",
    message: `The zip file ${uri} has no end record, so its end is missing.`,
    remedy: "Transfer the complete file again.",
    origin: { uri },
  })
}

function corrupt(uri: string, message: string, cause?: unknown): RowgateError {
  const remedy = "Transfer the file again, or save it again with the program that made it."
  return new RowgateError({ code: "FILE_CORRUPT", message, remedy, origin: { uri }, cause })
}
