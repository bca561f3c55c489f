import { createHash, type Hash } from "node:crypto"
import type { ByteRange, SourceFile } from "../contract/source.ts"

/** A file that learns its digest from whoever reads it from end to end; only where nobody does is it read once more. */
export class HashedFile implements SourceFile {
  readonly uri: string
  readonly version?: string
  readonly size?: number
  readonly rereadable: boolean
  read?: (start: number, end: number) => Promise<Uint8Array>
  readonly #file: SourceFile
  #digest: string | undefined

  constructor(file: SourceFile) {
    this.#file = file
    this.uri = file.uri
    if (file.version !== undefined) this.version = file.version
    if (file.size !== undefined) this.size = file.size
    this.rereadable = file.rereadable ?? false
    const { read } = file
    if (read !== undefined) this.read = (start, end) => read.call(file, start, end)
  }

  async sha256(): Promise<string> {
    if (this.#file.sha256 !== undefined) return this.#file.sha256()
    if (this.#digest === undefined) for await (const _chunk of this.stream());
    return this.#digest ?? ""
  }

  stream(range?: ByteRange): AsyncIterable<Uint8Array> {
    return range === undefined && this.#digest === undefined ? this.#hashing(createHash("sha256")) : this.#file.stream(range)
  }

  async *#hashing(hash: Hash): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#file.stream()) {
      hash.update(chunk)
      yield chunk
    }
    this.#digest = hash.digest("hex")
  }
}
