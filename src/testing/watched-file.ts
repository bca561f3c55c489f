import type { SourceFile } from "../contract/source.ts"

/** How to deliver a file. */
export interface WatchedFileOptions {
  readonly name?: string | undefined
  /** The size of a chunk in bytes; an empty chunk comes between any two. Default: the whole file. */
  readonly chunkBytes?: number | undefined
  /** The error of a reader that reaches this byte. */
  readonly broken?: { readonly at: number; readonly error: Error } | undefined
}

/** A file in memory that counts its open readers: those that have neither reached the end nor stopped. */
export class WatchedFile implements SourceFile {
  readonly uri: string
  readonly version = "v1"
  readonly size: number
  readonly rereadable = true
  /** How often it was opened. */
  opened = 0
  /** How many readers it has now. */
  open = 0
  readonly #content: Uint8Array
  readonly #options: WatchedFileOptions

  constructor(content: Uint8Array | string, options: WatchedFileOptions = {}) {
    this.#content = Buffer.from(content)
    this.#options = options
    this.uri = `contract:${options.name ?? "example"}`
    this.size = this.#content.length
  }

  async *stream({ start = 0, end = this.size }: { start?: number; end?: number } = {}): AsyncGenerator<Uint8Array> {
    const { chunkBytes = this.size } = this.#options
    this.opened++
    this.open++
    try {
      for (let at = start; at < Math.min(end, this.size); at += chunkBytes) {
        yield this.#bytes(at, Math.min(at + chunkBytes, end))
        if (chunkBytes < this.size) yield new Uint8Array()
      }
    } finally {
      this.open--
    }
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    this.opened++
    return this.#bytes(start, end)
  }

  /** Copies the bytes, because the reader may keep them. */
  #bytes(start: number, end: number): Uint8Array {
    const { broken } = this.#options
    if (broken !== undefined && end > broken.at) throw broken.error
    return Uint8Array.from(this.#content.subarray(start, end))
  }
}
