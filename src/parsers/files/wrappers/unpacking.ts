import type { SourceFile } from "../../../contract/source.ts"
import { limitExceeded } from "../../../errors/limit-exceeded.ts"
import { ratioFreeBytes, zipBounds } from "../zip/zip-limits.ts"
import { defaultFiles, type WrapperLimits } from "./wrapper-limits.ts"

/**
 * What one file unpacks to, in all its layers and all its parts. Each layer bounds itself, and a gzip file in a zip file multiplies what each of
 * them may do.
 */
export class Unpacking {
  /** What the parquet files in it make of themselves, together. */
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

  /** Bytes of the outermost file; those that were read so far where its size is not known. */
  get packedBytes(): number {
    return this.#file.size ?? this.#streamed
  }

  /** The outermost file's stream has come so far. */
  passed(bytes: number): void {
    this.#streamed = Math.max(this.#streamed, bytes)
  }

  /** Takes bytes that a layer unpacks. Those of a second reading are not to be given again. */
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

  /** Takes files that are to be read as tables. */
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
