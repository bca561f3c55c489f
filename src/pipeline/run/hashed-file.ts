import { createHash, type Hash } from "node:crypto"
import type { ByteRange, SourceFile, StreamOptions } from "../../contract/source.ts"

/** A file that can give its digest. */
export interface FileWithDigest extends SourceFile {
  sha256(): Promise<string>
}

/** The file itself if its source knows the digest, otherwise a file that computes it while it is read. */
export function withDigest(file: SourceFile): FileWithDigest {
  return knowsDigest(file) ? file : new HashedFile(file)
}

function knowsDigest(file: SourceFile): file is FileWithDigest {
  return file.sha256 !== undefined
}

/** A file that computes its digest while somebody reads it from start to end. Only if nobody does is it read for the digest alone. */
class HashedFile implements FileWithDigest {
  readonly uri: string
  readonly version?: string
  readonly sequence?: number
  readonly modifiedAt?: Date
  readonly size?: number
  readonly once?: boolean
  readonly rereadable: boolean
  read?: (start: number, end: number) => Promise<Uint8Array>
  readonly #file: SourceFile
  #digest: string | undefined
  #hashed: Promise<string> | undefined

  constructor(file: SourceFile) {
    this.#file = file
    this.uri = file.uri
    if (file.version !== undefined) this.version = file.version
    if (file.sequence !== undefined) this.sequence = file.sequence
    if (file.modifiedAt !== undefined) this.modifiedAt = file.modifiedAt
    if (file.size !== undefined) this.size = file.size
    if (file.once !== undefined) this.once = file.once
    this.rereadable = file.rereadable ?? false
    const { read } = file
    if (read !== undefined) this.read = (start, end) => read.call(file, start, end)
  }

  sha256(): Promise<string> {
    this.#hashed ??= this.#readAll()
    return this.#hashed
  }

  async #readAll(): Promise<string> {
    if (this.#digest === undefined) for await (const _chunk of this.#hashing(createHash("sha256"), { reuse: true }));
    return this.#digest ?? ""
  }

  stream(range?: ByteRange, options?: StreamOptions): AsyncIterable<Uint8Array> {
    const isDue = range === undefined && this.#digest === undefined && this.#hashed === undefined
    return isDue ? this.#hashing(createHash("sha256"), options) : this.#file.stream(range, options)
  }

  async *#hashing(hash: Hash, options: StreamOptions | undefined): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#file.stream(undefined, options)) {
      hash.update(chunk)
      yield chunk
    }
    this.#digest = hash.digest("hex")
  }
}
