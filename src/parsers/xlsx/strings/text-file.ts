import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TextArena } from "./text-arena.ts"

const pageBytes = 256 * 1024
const pagesKept = 32

/**
 * Texts in a temporary file that is read by pages. Cells refer to texts mostly in their order, so a few pages in memory are enough.
 *
 * The file is deleted as soon as it is open, so the system frees it even if the process crashes. On Windows an open file cannot be deleted; there
 * `close` deletes it.
 */
export class TextFile {
  readonly #folder: string
  readonly #handle: number
  readonly #pages = new Map<number, Buffer>()
  #length = 0
  #open = true

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), "rowgate-"))
    this.#handle = openSync(join(this.#folder, "texts"), "wx+", 0o600)
    if (process.platform !== "win32") rmSync(this.#folder, { recursive: true, force: true })
  }

  get length(): number {
    return this.#length
  }

  append(bytes: Buffer): void {
    let written = 0
    while (written < bytes.length) written += writeSync(this.#handle, bytes, written, bytes.length - written, this.#length + written)
    this.#length += bytes.length
  }

  copyTo(arena: TextArena, start: number, end: number): void {
    let at = start
    while (at < end) {
      const page = Math.floor(at / pageBytes)
      const from = at - page * pageBytes
      const to = Math.min(pageBytes, end - page * pageBytes)
      arena.copy(this.#page(page), from, to)
      at += to - from
    }
  }

  text(start: number, end: number): string {
    const bytes = Buffer.allocUnsafe(end - start)
    let at = start
    while (at < end) {
      const page = Math.floor(at / pageBytes)
      const from = at - page * pageBytes
      const to = Math.min(pageBytes, end - page * pageBytes)
      this.#page(page).copy(bytes, at - start, from, to)
      at += to - from
    }
    return bytes.toString("utf8")
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    closeSync(this.#handle)
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #page(index: number): Buffer {
    const kept = this.#pages.get(index)
    if (kept !== undefined) return kept
    const [oldest] = this.#pages.keys()
    const page = (this.#pages.size >= pagesKept && oldest !== undefined && this.#pages.get(oldest)) || Buffer.allocUnsafe(pageBytes)
    if (this.#pages.size >= pagesKept && oldest !== undefined) this.#pages.delete(oldest)
    readSync(this.#handle, page, 0, Math.min(pageBytes, this.#length - index * pageBytes), index * pageBytes)
    this.#pages.set(index, page)
    return page
  }
}
