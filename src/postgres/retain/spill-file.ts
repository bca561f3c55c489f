import { randomUUID } from "node:crypto"
import { type FileHandle, open, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { unusableFolder } from "../../files/unusable-folder.ts"

const readBytes = 1 << 20

/**
 * A temporary file for bytes that do not fit in memory. It is unlinked as soon as it is open, so that it disappears however the process ends. If the
 * system does not allow that (Windows), `close` removes it. Throws `TEMP_FOLDER_UNUSABLE` if the folder cannot be used.
 */
export class SpillFile implements AsyncDisposable {
  readonly #path: string
  readonly #file: FileHandle
  readonly #isUnlinked: boolean
  #length = 0

  private constructor(path: string, file: FileHandle, unlinked: boolean) {
    this.#path = path
    this.#file = file
    this.#isUnlinked = unlinked
  }

  static async create(directory: string = tmpdir()): Promise<SpillFile> {
    const path = join(directory, `rowgate-${randomUUID()}.spill`)
    const file = await open(path, "wx+", 0o600).catch((error: unknown) => {
      throw unusableFolder(directory, error)
    })
    const unlinked = await rm(path).then(
      () => true,
      () => false,
    )
    return new SpillFile(path, file, unlinked)
  }

  get length(): number {
    return this.#length
  }

  async append(bytes: Uint8Array): Promise<void> {
    let written = 0
    while (written < bytes.length) {
      const { bytesWritten } = await this.#file
        .write(bytes, written, bytes.length - written, this.#length + written)
        .catch((error: unknown) => {
          throw unusableFolder(dirname(this.#path), error)
        })
      written += bytesWritten
    }
    this.#length += bytes.length
  }

  /** A part of the bytes. */
  async readAt(at: number, length: number): Promise<Uint8Array> {
    const piece = Buffer.allocUnsafeSlow(length)
    for (let read = 0; read < length; ) {
      const { bytesRead } = await this.#file.read(piece, read, length - read, at + read).catch((error: unknown) => {
        throw unusableFolder(dirname(this.#path), error)
      })
      if (bytesRead === 0) throw new Error("the spill file is shorter than what was written to it")
      read += bytesRead
    }
    return piece
  }

  /** All bytes, in pieces. */
  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < this.#length; ) {
      const piece = await this.readAt(at, Math.min(readBytes, this.#length - at))
      yield piece
      at += piece.length
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
    if (!this.#isUnlinked) await rm(this.#path, { force: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
