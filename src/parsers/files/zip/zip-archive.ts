import { pipeline, Readable } from "node:stream"
import { setImmediate as nextTurn } from "node:timers/promises"
import { crc32, createInflateRaw, inflateRawSync } from "node:zlib"
import type { SourceFile } from "../../../contract/source.ts"
import { limitExceeded } from "../../../errors/limit-exceeded.ts"
import { RowgateError } from "../../../errors/rowgate-error.ts"
import { shownText } from "../../../errors/shown-text.ts"
import { NearRanges } from "../near-ranges.ts"
import { readZipDirectory } from "./zip-directory.ts"
import type { ZipEntry } from "./zip-entry.ts"
import { ratioFreeBytes, type ZipBounds, type ZipLimits, zipBounds } from "./zip-limits.ts"

/** Size of the inflated pieces: so large that switching to zlib's thread costs little compared to inflating. */
const chunkBytes = 256 * 1024
/** An entry that takes no more than this, packed and unpacked, is inflated in one call: a stream would take ten times as long. */
const smallBytes = 64 * 1024
const localSignature = 0x04034b50
const localHeaderBytes = 30

/** Reads the entries of a zip file by range requests. Every entry is checked against the directory. */
export class ZipArchive {
  readonly uri: string
  readonly entries: readonly ZipEntry[]
  readonly #ranges: NearRanges
  readonly #bounds: ZipBounds
  readonly #byName: ReadonlyMap<string, ZipEntry>
  readonly #byFoldedName = new Map<string, ZipEntry[]>()
  /** Compressed bytes of all entries. */
  readonly #storedBytes: number
  /** Entries that were read, and the sum of their stated sizes. An entry that is read twice counts once. */
  readonly #opened = new Set<ZipEntry>()
  #openedBytes = 0
  #inflatedBytes = 0

  private constructor(file: SourceFile, bounds: ZipBounds, entries: readonly ZipEntry[]) {
    this.uri = file.uri
    this.entries = entries
    this.#ranges = new NearRanges(
      file,
      entries.reduce((last, { end }) => Math.max(last, end), 0),
    )
    this.#bounds = bounds
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]))
    for (const entry of entries) {
      const folded = foldedName(entry.name)
      const alike = this.#byFoldedName.get(folded)
      if (alike === undefined) this.#byFoldedName.set(folded, [entry])
      else alike.push(entry)
    }
    this.#storedBytes = entries.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0)
  }

  /** Reads the directory. `size` is the file's length in bytes. */
  static async open(file: SourceFile, size: number, limits: ZipLimits = {}): Promise<ZipArchive> {
    const bounds = zipBounds(limits)
    return new ZipArchive(file, bounds, await readZipDirectory(file, size, bounds))
  }

  /** Finds an entry by its exact name, else the only entry whose name is equal after percent-decoding and ignoring case. */
  find(name: string): ZipEntry | undefined {
    const exact = this.#byName.get(name)
    if (exact !== undefined) return exact
    const folded = this.#byFoldedName.get(foldedName(name)) ?? []
    return folded.length === 1 ? folded[0] : undefined
  }

  /** Reads a whole entry into memory. Throws `LIMIT_EXCEEDED` if it is larger than `maxBytes`; `option` is the name of that limit. */
  async read(entry: ZipEntry, maxBytes: number, option: string, signal?: AbortSignal): Promise<Buffer> {
    if (entry.bytes > maxBytes) throw this.#tooLarge(entry, entry.bytes, maxBytes, option)
    const parts: Buffer[] = []
    for await (const part of this.stream(entry, signal)) parts.push(part)
    return Buffer.concat(parts)
  }

  /**
   * The entry's bytes, inflated. Its size and CRC are checked after the last byte, so a reader that stops early skips these checks.
   *
   * Throws `FILE_CORRUPT` if the bytes contradict the directory, `FORMAT_ENCRYPTED`, `FORMAT_UNSUPPORTED` for a compression method other than
   * deflate, `FILE_HOSTILE` and `LIMIT_EXCEEDED`.
   */
  async *stream(entry: ZipEntry, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    this.#refuseUnreadable(entry)
    this.#refuseArchive(entry)
    const compressed = this.#compressed(entry)
    const isSmall = entry.compressedBytes <= smallBytes && entry.bytes <= smallBytes
    const pieces = entry.method === 0 ? compressed : isSmall ? inflateSmall(compressed, entry.bytes) : inflate(compressed)
    let length = 0
    let crc = 0
    try {
      for await (const piece of pieces) {
        signal?.throwIfAborted()
        length += piece.length
        this.#inflatedBytes += piece.length
        this.#refuseGrowth(entry, length)
        crc = crc32(piece, crc)
        // Pieces that are already in memory would otherwise be read without giving the event loop a turn.
        await nextTurn()
        yield piece
      }
    } catch (cause) {
      if (isTooLarge(cause)) throw this.#growsBeyond(entry)
      throw isZlibError(cause) ? this.#corrupt(entry, `cannot be inflated (${cause.code})`, cause) : cause
    }
    if (length !== entry.bytes) throw this.#corrupt(entry, `has ${length} bytes after inflating, but the directory says ${entry.bytes}`)
    if (crc !== entry.crc32) throw this.#corrupt(entry, "does not match its checksum (CRC-32)")
  }

  /** The entry's compressed bytes. One range request reads them together with the local header before them. */
  async *#compressed(entry: ZipEntry): AsyncGenerator<Buffer, void, undefined> {
    let header: Buffer = Buffer.alloc(0)
    let skip = -1
    let left = entry.compressedBytes
    for await (const chunk of this.#ranges.stream(entry.offset, entry.end)) {
      let piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      if (skip < 0) {
        header = header.length === 0 ? piece : Buffer.concat([header, piece])
        if (header.length < localHeaderBytes) continue
        piece = header
        skip = this.#dataStart(entry, header)
      }
      const skipped = Math.min(skip, piece.length)
      skip -= skipped
      const data = piece.subarray(skipped, skipped + left)
      left -= data.length
      if (data.length > 0) yield data
      if (left === 0 && skip === 0) return
    }
    if (left > 0 || skip !== 0) throw this.#corrupt(entry, "is cut off")
  }

  /** Checks the local header and returns its length. */
  #dataStart(entry: ZipEntry, header: Buffer): number {
    if (header.readUInt32LE(0) !== localSignature) throw this.#corrupt(entry, "does not begin at the offset that the directory states")
    const start = localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28)
    if (entry.offset + start + entry.compressedBytes > entry.end) {
      throw this.#error("FILE_HOSTILE", entry, "overlaps the entry or the directory after it")
    }
    return start
  }

  #refuseUnreadable(entry: ZipEntry): void {
    if (entry.encrypted) throw this.#error("FORMAT_ENCRYPTED", entry, "is encrypted", "Decrypt the file first.")
    if (entry.method !== 0 && entry.method !== 8) {
      throw this.#error("FORMAT_UNSUPPORTED", entry, `is compressed with method ${entry.method}`, "Pack it again with deflate.")
    }
    if (entry.method === 0 && entry.bytes !== entry.compressedBytes) {
      throw this.#corrupt(entry, `is stored in ${entry.compressedBytes} bytes, but the directory says ${entry.bytes}`)
    }
    this.#refuseGrowth(entry, entry.bytes, false)
  }

  /** Many small entries can add up to a bomb. Their stated sizes are enough to see it, because no entry may inflate to more. */
  #refuseArchive(entry: ZipEntry): void {
    if (this.#opened.has(entry)) return
    this.#opened.add(entry)
    this.#openedBytes += entry.bytes
    const { ratio } = this.#bounds
    if (this.#openedBytes <= ratioFreeBytes || this.#openedBytes <= ratio * this.#storedBytes) return
    throw limitExceeded({
      subject: `The content of the zip file, with the entry ${shownText(entry.name)},`,
      unit: "times its compressed size",
      seen: Math.ceil(this.#openedBytes / Math.max(1, this.#storedBytes)),
      limit: ratio,
      option: "limits.ratio",
      origin: { uri: this.uri },
    })
  }

  #refuseGrowth(entry: ZipEntry, length: number, inflated = true): void {
    const { entryBytes, totalBytes, ratio } = this.#bounds
    if (length > entryBytes) throw this.#tooLarge(entry, length, entryBytes, "limits.entryBytes")
    if (length > ratioFreeBytes && length > ratio * entry.compressedBytes) {
      const seen = Math.ceil(length / Math.max(1, entry.compressedBytes))
      throw this.#exceeded(entry, "times its compressed size", seen, ratio, "limits.ratio")
    }
    if (!inflated) return
    if (this.#inflatedBytes > totalBytes)
      throw this.#exceeded(entry, "bytes, together with the entries before it", this.#inflatedBytes, totalBytes, "limits.totalBytes")
    if (length > entry.bytes) throw this.#growsBeyond(entry)
  }

  #growsBeyond(entry: ZipEntry): RowgateError {
    return this.#error("FILE_HOSTILE", entry, `inflates to more than the ${entry.bytes} bytes that the directory states`)
  }

  #tooLarge(entry: ZipEntry, seen: number, limit: number, option: string): RowgateError {
    return this.#exceeded(entry, "bytes", seen, limit, option)
  }

  #exceeded(entry: ZipEntry, unit: string, seen: number, limit: number, option: string): RowgateError {
    return limitExceeded({ subject: `The zip entry ${shownText(entry.name)}`, unit, seen, limit, option, origin: { uri: this.uri } })
  }

  #corrupt(entry: ZipEntry, problem: string, cause?: unknown): RowgateError {
    return this.#error("FILE_CORRUPT", entry, problem, "Transfer the file again, or save it again with the program that made it.", cause)
  }

  #error(
    code: "FILE_CORRUPT" | "FILE_HOSTILE" | "FORMAT_ENCRYPTED" | "FORMAT_UNSUPPORTED",
    entry: ZipEntry,
    problem: string,
    remedy?: string,
    cause?: unknown,
  ) {
    const origin = { uri: this.uri, offset: entry.offset }
    return new RowgateError({
      code,
      message: `The zip entry ${shownText(entry.name)} ${problem}.`,
      remedy: remedy ?? "Do not trust this file; ask the sender for a new one.",
      origin,
      cause,
    })
  }
}

/**
 * Inflates in zlib's own thread. The high-water mark lets that thread work on the next pieces while the reader is busy with one, so a second
 * core is used.
 */
async function* inflate(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const inflater = createInflateRaw({ chunkSize: chunkBytes, readableHighWaterMark: 2 * chunkBytes } as Parameters<
    typeof createInflateRaw
  >[0])
  const source = Readable.from(compressed, { objectMode: true, highWaterMark: 2 })
  let failed: unknown
  // The iterator below throws the error that destroys the inflater. The callback prevents an unhandled error.
  pipeline(source, inflater, (error) => {
    failed = error
  })
  try {
    for await (const piece of inflater) yield piece as Buffer
    if (failed !== undefined && failed !== null) throw failed
  } finally {
    inflater.destroy()
    source.destroy()
  }
}

async function* inflateSmall(compressed: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer, void, undefined> {
  const parts: Buffer[] = []
  for await (const part of compressed) parts.push(part)
  const inflated = inflateRawSync(Buffer.concat(parts), { chunkSize: Math.max(64, bytes + 1), maxOutputLength: bytes + 1 })
  if (inflated.length > 0) yield inflated
}

function foldedName(name: string): string {
  try {
    return decodeURIComponent(name).toLowerCase()
  } catch {
    return name.toLowerCase()
  }
}

/** What `inflateRawSync` throws if the output is larger than allowed. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE"
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_")
}
