import type { SourceFile } from "../../../contract/source.ts"
import { limitExceeded } from "../../../errors/limit-exceeded.ts"
import { ratioFreeBytes, zipBounds } from "../zip/zip-limits.ts"
import { defaultFiles, type WrapperLimits } from "./wrapper-limits.ts"

/**
 * What one file unpacks to, in all its layers and parts. Each layer has its own limit, but a gzip file in a zip file would multiply these limits.
 */
export class Unpacking {
  /** What all parquet files in it unpack to. */
  readonly spent = { unpacked: 0, cells: 0 }
  readonly #file: SourceFile
  readonly #files: number
  readonly #ratio: number
  #streamed = 0
  #unpacked = 0
  #tables = 0

  constructor(file: SourceFile, limits: WrapperLimits | undefined) {
    this.#file = file
    this.#files = limits?.files ?? defaultFiles
    this.#ratio = zipBounds(limits).ratio
  }

  /** The size of the outermost file; if it is unknown, the bytes that were read so far. */
  get packedBytes(): number {
    return this.#file.size ?? this.#streamed
  }

  /** Records how far the outermost file was read. */
  passed(bytes: number): void {
    this.#streamed = Math.max(this.#streamed, bytes)
  }

  /** Counts bytes that a layer unpacks. Do not count the bytes of a second reading. */
  add(bytes: number): void {
    this.#unpacked += bytes
    if (this.#unpacked <= ratioFreeBytes || this.#unpacked <= this.#ratio * this.packedBytes) return
    throw limitExceeded({
      subject: "What the file unpacks to, in all its layers,",
      unit: "times its size",
      seen: Math.ceil(this.#unpacked / Math.max(1, this.packedBytes)),
      limit: this.#ratio,
      option: "limits.ratio",
      origin: { uri: this.#file.uri },
    })
  }

  /** Counts files that will be read as tables. */
  addFiles(count: number): void {
    this.#tables += count
    if (this.#tables <= this.#files) return
    const unit = "files to read"
    throw limitExceeded({
      subject: "The zip file",
      unit,
      seen: this.#tables,
      limit: this.#files,
      option: "limits.files",
      origin: { uri: this.#file.uri },
    })
  }
}
