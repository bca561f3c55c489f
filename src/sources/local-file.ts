import { createHash } from "node:crypto"
import type { BigIntStats } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import type { ByteRange, SourceFile, StreamOptions } from "../contract/source.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { BlockDigests, blockBytes } from "./block-digests.ts"
import { digestInThread } from "./file-digest.ts"

const chunkBytes = 4 * blockBytes

/**
 * A file as it was when it was listed. Every read opens and closes its own handle, so an abandoned reader leaves nothing open. A read throws
 * `SOURCE_CHANGED` if the file was replaced or its size or time of change differs. Once `sha256` was called, reads also compare each block with the
 * bytes that were first read, so the parser sees what was hashed and never a mixture of two versions.
 */
export class LocalFile implements SourceFile {
  readonly uri: string
  readonly size: number
  readonly rereadable = true
  readonly sequence: number
  readonly modifiedAt: Date
  readonly #path: string
  readonly #listed: BigIntStats
  /** Undefined until `sha256` is called: a preview of a file need not compute digests. */
  #blocks: BlockDigests | undefined
  #digest: string | undefined

  constructor(path: string, uri: string, listed: BigIntStats) {
    this.uri = uri
    this.size = Number(listed.size)
    this.sequence = Number(listed.mtimeNs / 1000n)
    this.modifiedAt = new Date(this.sequence / 1000)
    this.#path = path
    this.#listed = listed
  }

  async *stream(
    { start = 0, end = this.size }: ByteRange = { start: 0 },
    { reuse = false }: StreamOptions = {},
  ): AsyncGenerator<Uint8Array> {
    const last = Math.min(end, this.size)
    const handle = await this.#open()
    // Allocating memory for each chunk costs more than reading it.
    const buffers = reuse ? twoBuffers() : undefined
    const chunk = (at: number, slot: 0 | 1) => this.#range(handle, Math.max(at, start), Math.min(at + chunkBytes, last), buffers?.[slot])
    let ahead: Promise<Uint8Array> | undefined
    try {
      // The next chunk is read while the caller works on this one. Every chunk but the first begins at the start of a block.
      for (let at = start - (start % blockBytes), slot: 0 | 1 = 0; at < last; at += chunkBytes) {
        const bytes = await (ahead ?? chunk(at, slot))
        slot = slot === 0 ? 1 : 0
        ahead = at + chunkBytes < last ? chunk(at + chunkBytes, slot) : undefined
        ahead?.catch(() => {})
        yield bytes
      }
      this.#verify(await handle.stat({ bigint: true }))
    } finally {
      await ahead?.catch(() => {})
      await handle.close()
    }
  }

  async sha256(): Promise<string> {
    this.#blocks ??= new BlockDigests(this.size)
    this.#digest ??= await this.#hashed(this.#blocks)
    return this.#digest
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const handle = await this.#open()
    try {
      return await this.#range(handle, start, Math.min(end, this.size))
    } finally {
      await handle.close()
    }
  }

  async #hashed(blocks: BlockDigests): Promise<string> {
    const handle = await this.#open()
    try {
      const fromThread = await digestInThread(handle, this.size, blocks.key)
      if (fromThread !== undefined && !blocks.agreeAll(fromThread.blocks)) throw this.#changed()
      const digest = fromThread?.sha256 ?? (await this.#hashedHere(handle))
      this.#verify(await handle.stat({ bigint: true }))
      return digest
    } finally {
      await handle.close()
    }
  }

  /** Hashes one buffer while the other is filled. The buffers can be reused because nobody else sees the bytes. */
  async #hashedHere(handle: FileHandle): Promise<string> {
    const hash = createHash("sha256")
    const buffers = twoBuffers()
    const fill = (at: number, slot: 0 | 1) => this.#range(handle, at, Math.min(at + chunkBytes, this.size), buffers[slot])
    let ahead = fill(0, 0)
    try {
      for (let at = 0, slot: 0 | 1 = 1; at < this.size; at += chunkBytes, slot = slot === 0 ? 1 : 0) {
        const chunk = await ahead
        ahead = fill(at + chunkBytes, slot)
        ahead.catch(() => {})
        hash.update(chunk)
      }
    } finally {
      await ahead.catch(() => {})
    }
    return hash.digest("hex")
  }

  async #open(): Promise<FileHandle> {
    const handle = await open(this.#path, "r").catch((cause: unknown) => {
      throw this.#changed(cause)
    })
    try {
      this.#verify(await handle.stat({ bigint: true }))
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Reads a range, and the whole blocks around it if their digests are to be compared. */
  async #range(handle: FileHandle, start: number, end: number, buffer?: Buffer): Promise<Uint8Array> {
    if (start >= end) return new Uint8Array(0)
    const digests = this.#blocks
    if (digests === undefined) return this.#fill(handle, start, end, buffer)
    const first = start - (start % blockBytes)
    const blocks = await this.#fill(handle, first, Math.min(Math.ceil(end / blockBytes) * blockBytes, this.size), buffer)
    if (!digests.agree(first, blocks)) throw this.#changed()
    return blocks.subarray(start - first, end - first)
  }

  /** Reads a range into `buffer`, or into new memory outside Node's pool, so that it can be transferred to a worker. */
  async #fill(handle: FileHandle, start: number, end: number, buffer?: Buffer): Promise<Uint8Array> {
    const length = end - start
    const bytes = buffer?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled).catch((cause: unknown) => {
        throw new RowgateError({
          code: "SOURCE_UNREADABLE",
          message: `The file ${this.#path} cannot be read at byte ${start + filled}.`,
          remedy: "Check the disk and the permissions, then run again.",
          origin: { uri: this.uri, offset: start + filled },
          retryable: true,
          cause,
        })
      })
      if (bytesRead === 0) throw this.#changed()
      filled += bytesRead
    }
    return bytes
  }

  #verify(now: BigIntStats): void {
    const { dev, ino, size, mtimeNs } = this.#listed
    if (now.dev !== dev || now.ino !== ino || now.size !== size || now.mtimeNs !== mtimeNs) throw this.#changed()
  }

  #changed(cause?: unknown): RowgateError {
    return new RowgateError({
      code: "SOURCE_CHANGED",
      message: `The file ${this.#path} changed while it was being read.`,
      remedy: "Write the file under a temporary name, rename it when it is complete, then run again.",
      origin: { uri: this.uri },
      retryable: true,
      cause,
    })
  }
}

function twoBuffers(): readonly [Buffer, Buffer] {
  return [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)]
}
