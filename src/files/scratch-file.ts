import { randomUUID } from "node:crypto"
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { unusableFolder } from "./unusable-folder.ts"

/**
 * A temporary file that is read and written at once, for code that cannot wait. It is unlinked as soon as it is open, so that it disappears however the
 * process ends. If the system does not allow that (Windows), `close` removes it. Throws `TEMP_FOLDER_UNUSABLE` if the folder cannot be used.
 */
export class ScratchFile {
  readonly #directory: string
  readonly #path: string
  readonly #handle: number
  #length = 0
  #isOpen = true

  constructor(directory: string = tmpdir()) {
    this.#directory = directory
    this.#path = join(directory, `rowgate-${randomUUID()}.spill`)
    this.#handle = this.#try(() => openSync(this.#path, "wx+", 0o600))
    if (process.platform !== "win32") rmSync(this.#path, { force: true })
  }

  /** How many bytes it has. */
  get length(): number {
    return this.#length
  }

  append(bytes: Uint8Array): void {
    let written = 0
    while (written < bytes.length)
      written += this.#try(() => writeSync(this.#handle, bytes, written, bytes.length - written, this.#length + written))
    this.#length += bytes.length
  }

  /** Fills a piece of memory with the bytes that begin at a place. */
  read(into: Uint8Array, at: number): void {
    for (let read = 0; read < into.length; ) {
      const bytes = this.#try(() => readSync(this.#handle, into, read, into.length - read, at + read))
      if (bytes === 0) throw new Error("the scratch file is shorter than what was written to it")
      read += bytes
    }
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeSync(this.#handle)
    if (process.platform === "win32") rmSync(this.#path, { force: true })
  }

  #try<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw unusableFolder(this.#directory, error)
    }
  }
}
