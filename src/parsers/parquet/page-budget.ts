import { limitExceeded } from "../zip/limit-exceeded.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

const ratioFreeBytes = 10 * 1024 * 1024

/** Bytes that are held of the pages of one column: as stored, and unpacked. */
export interface HeldBytes {
  readonly packed: number
  readonly unpacked: number
}

/**
 * Watches how much the pages take that are held at the same time, one a column and its dictionary: each may be bearable by itself, and a file
 * has thousands of columns.
 */
export class PageBudget {
  readonly #uri: string
  readonly #bounds: ParquetBounds
  #packed = 0
  #unpacked = 0

  constructor(uri: string, bounds: ParquetBounds) {
    this.#uri = uri
    this.#bounds = bounds
  }

  /** Lets go of what a column held, and takes what it is about to unpack. */
  exchange(before: HeldBytes, next: HeldBytes, offset: number): void {
    this.#packed += next.packed - before.packed
    this.#unpacked += next.unpacked - before.unpacked
    const { ratio, heldBytes } = this.#bounds
    const subject = "What is held of the parquet file's pages"
    const origin = { uri: this.#uri, offset }
    if (this.#unpacked > heldBytes)
      throw limitExceeded({ subject, unit: "bytes", seen: this.#unpacked, limit: heldBytes, option: "limits.heldBytes", origin })
    if (this.#unpacked > ratioFreeBytes && this.#unpacked > ratio * this.#packed) {
      const seen = Math.ceil(this.#unpacked / Math.max(1, this.#packed))
      throw limitExceeded({ subject, unit: "times its packed size", seen, limit: ratio, option: "limits.ratio", origin })
    }
  }
}
