import { createHash } from "node:crypto"
import type { BigIntStats } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { pathToFileURL } from "node:url"
import type { ByteRange, SourceFile, StreamOptions } from "../contract/source.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import { BlockDigests, blockBytes } from "./block-digests.ts"
import { digestAside } from "./file-digest.ts"

const chunkBytes = 4 * blockBytes

/**
 * One file as it stood when it was listed. Every reading opens its own handle and closes it, so that nothing is left open by a reader that
 * was dropped. A file that is another one by then, or has other times, is an error. Once the hash is asked for, so is a block that is not what it
 * was when it was first read: what is parsed from then on is what was hashed, and never a mixture of two versions.
 */
export class LocalFile implements SourceFile {
  readonly uri: string
  readonly size: number
  readonly rereadable = true
  readonly sequence: number
  readonly #path: string
  readonly #listed: BigIntStats
  /** Undefined until the hash is asked for: a look at a file need not pay for them. */
  #blocks: BlockDigests | undefined
  #digest: string | undefined

  constructor(path: string, listed: BigIntStats) {
    this.uri = pathToFileURL(path).href
    this.size = Number(listed.size)
    this.sequence = Number(listed.mtimeNs / 1000n)
    this.#path = path
    this.#listed = listed
  }

  async *stream(
    { start = 0, end = this.size }: ByteRange = { start: 0 },
    { reuse = false }: StreamOptions = {},
  ): AsyncGenerator<Uint8Array> {
    const last = Math.min(end, this.size)
    const handle = await this.#open()
    // New memory for each chunk would be dearer than reading it.
    const buffers = reuse ? twoBuffers() : undefined
    const chunk = (at: number, turn: 0 | 1) => this.#range(handle, Math.max(at, start), Math.min(at + chunkBytes, last), buffers?.[turn])
    let ahead: Promise<Uint8Array> | undefined
    try {
      // The next chunk is read while the reader works on this one. All but the first begin with a block.
      for (let at = start - (start % blockBytes), turn: 0 | 1 = 0; at < last; at += chunkBytes) {
        const bytes = await (ahead ?? chunk(at, turn))
        turn = turn === 0 ? 1 : 0
        ahead = at + chunkBytes < last ? chunk(at + chunkBytes, turn) : undefined
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
      const aside = await digestAside(handle, this.size, blocks.key)
      if (aside !== undefined && !blocks.agreeAll(aside.blocks)) throw this.#changed()
      const digest = aside?.sha256 ?? (await this.#hashedHere(handle))
      this.#verify(await handle.stat({ bigint: true }))
      return digest
    } finally {
      await handle.close()
    }
  }

  /** Two buffers in turn, one hashed while the other is filled: nobody else sees the bytes. */
  async #hashedHere(handle: FileHandle): Promise<string> {
    const hash = createHash("sha256")
    const buffers = twoBuffers()
    const fill = (at: number, turn: 0 | 1) => this.#range(handle, at, Math.min(at + chunkBytes, this.size), buffers[turn])
    let ahead = fill(0, 0)
    try {
      for (let at = 0, turn: 0 | 1 = 1; at < this.size; at += chunkBytes, turn = turn === 0 ? 1 : 0) {
        const chunk = await ahead
        ahead = fill(at + chunkBytes, turn)
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

  /** Bytes of blocks that are what they were, from whoever read them first. */
  async #range(handle: FileHandle, start: number, end: number, buffer?: Buffer): Promise<Uint8Array> {
    if (start >= end) return new Uint8Array(0)
    const digests = this.#blocks
    if (digests === undefined) return this.#fill(handle, start, end, buffer)
    const first = start - (start % blockBytes)
    const blocks = await this.#fill(handle, first, Math.min(Math.ceil(end / blockBytes) * blockBytes, this.size), buffer)
    if (!digests.agree(first, blocks)) throw this.#changed()
    return blocks.subarray(start - first, end - first)
  }

  /** Reads a range into a buffer; into one of its own, not of the pool, so that it can move to a worker. */
  async #fill(handle: FileHandle, start: number, end: number, buffer?: Buffer): Promise<Uint8Array> {
    const length = end - start
    const bytes = buffer?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled).catch((cause: unknown) => {
        throw new RowgateError({
          code: "SOURCE_UNREADABLE",
          message: `Reading ${this.#path} failed at byte ${start + filled}.`,
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
      message: `${this.#path} changed while it was being read.`,
      remedy: "Write to a temporary name and rename when complete, then run again.",
      origin: { uri: this.uri },
      retryable: true,
      cause,
    })
  }
}

function twoBuffers(): readonly [Buffer, Buffer] {
  return [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)]
}
