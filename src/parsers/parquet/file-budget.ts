import { limitExceeded } from "../../errors/limit-exceeded.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

const miB = 1024 * 1024
const freeHeldBytes = 48 * miB
const freeUnpackedBytes = 256 * miB
const freeCells = 16 * miB
/** What a page costs beside its bytes, counted as if it were some. */
const pageCostBytes = 2048
const textBytesPerCell = 8
const cellsPerNestedValue = 4

/**
 * What a file may make of its size. Each page may be bearable by itself, and each column, and a file has thousands of them; columns may even stand in
 * the same bytes.
 */
export class FileBudget {
  readonly #uri: string
  readonly #size: number
  readonly #bounds: ParquetBounds
  #held = 0
  #unpacked = 0
  #cells = 0

  constructor(uri: string, size: number, bounds: ParquetBounds) {
    this.#uri = uri
    this.#size = size
    this.#bounds = bounds
  }

  /** Takes a page that is about to be unpacked. */
  unpack(bytes: number, offset: number): void {
    this.#unpacked += bytes + pageCostBytes
    const { ratio } = this.#bounds
    if (this.#unpacked <= freeUnpackedBytes || this.#unpacked <= ratio * this.#size) return
    this.#refuse(
      "What the pages of the parquet file unpack to",
      "times the file's bytes",
      this.#unpacked / this.#size,
      ratio,
      "ratio",
      offset,
    )
  }

  /** Lets go of the bytes that a column held, and takes those that it is about to hold. */
  exchange(before: number, next: number, offset: number): void {
    this.#held += next - before
    if (next <= before) return
    const { heldRatio, heldBytes } = this.#bounds
    const subject = "What is held of the parquet file's pages"
    if (this.#held > heldBytes) this.#refuse(subject, "bytes", this.#held, heldBytes, "heldBytes", offset)
    if (this.#held > freeHeldBytes && this.#held > heldRatio * this.#size)
      this.#refuse(subject, "times the file's bytes", this.#held / this.#size, heldRatio, "heldRatio", offset)
  }

  /** Takes cells, and the bytes of their texts. */
  addCells(cells: number, textBytes: number): void {
    this.#cells += cells + textBytes / textBytesPerCell
    this.refuseCells(0)
  }

  /** Takes values in lists, each counted for all that it is in. */
  addNested(values: number, textBytes: number): void {
    this.addCells(values * cellsPerNestedValue, textBytes)
  }

  /** Refuses cells that are still to come, from what the file states of them. */
  refuseCells(more: number): void {
    const seen = this.#cells + more
    const { cellRatio } = this.#bounds
    if (seen <= freeCells || seen <= cellRatio * this.#size) return
    this.#refuse("The parquet file", "cells for each of its bytes", seen / this.#size, cellRatio, "cellRatio")
  }

  #refuse(subject: string, unit: string, seen: number, limit: number, option: keyof ParquetBounds, offset?: number): never {
    throw limitExceeded({
      subject,
      unit,
      seen: Math.ceil(seen),
      limit,
      option: `limits.${option}`,
      origin: { uri: this.#uri, ...(offset === undefined ? {} : { offset }) },
    })
  }
}
