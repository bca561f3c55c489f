import { limitExceeded } from "../../errors/limit-exceeded.ts"
import type { ParquetBounds } from "./parquet-limits.ts"

const miB = 1024 * 1024
const freeHeldBytes = 48 * miB
const freeUnpackedBytes = 256 * miB
const freeCells = 16 * miB
/** The cost of a page beyond its bytes, in bytes. */
const pageCostBytes = 2048
const textBytesPerCell = 8
const cellsPerNestedValue = 4

/** The size of the outermost file, and what all parquet files in it have unpacked to so far. They share one limit. */
export interface PackedTogether {
  readonly packedBytes: number
  readonly spent: { unpacked: number; cells: number }
}

/**
 * Limits what a file may grow to, relative to its size. Each page and column may be small enough, but a file can have thousands of them, and columns
 * may even share bytes.
 */
export class FileBudget {
  readonly #uri: string
  readonly #size: number
  readonly #bounds: ParquetBounds
  /** The size of the file, or of the one that it is packed in with others. */
  readonly #outerSize: number
  readonly #spent: PackedTogether["spent"]
  #held = 0

  constructor(uri: string, size: number, bounds: ParquetBounds, together: PackedTogether | undefined) {
    this.#uri = uri
    this.#size = size
    this.#outerSize = together?.packedBytes ?? size
    this.#spent = together?.spent ?? { unpacked: 0, cells: 0 }
    this.#bounds = bounds
  }

  /** Counts a page before it is unpacked. */
  unpack(bytes: number, offset: number): void {
    this.#spent.unpacked += bytes + pageCostBytes
    const { unpacked } = this.#spent
    const { ratio } = this.#bounds
    if (unpacked <= freeUnpackedBytes || unpacked <= ratio * this.#outerSize) return
    this.#refuse("The unpacked content of the parquet file", "times the file's bytes", unpacked / this.#outerSize, ratio, "ratio", offset)
  }

  /** Replaces the number of bytes that a column holds in memory. */
  replaceHeld(before: number, next: number, offset: number): void {
    this.#held += next - before
    if (next <= before) return
    const { heldRatio, heldBytes } = this.#bounds
    const subject = "The part of the parquet file in memory"
    if (this.#held > heldBytes) this.#refuse(subject, "bytes", this.#held, heldBytes, "heldBytes", offset)
    if (this.#held > freeHeldBytes && this.#held > heldRatio * this.#size)
      this.#refuse(subject, "times the file's bytes", this.#held / this.#size, heldRatio, "heldRatio", offset)
  }

  /** Counts cells and the bytes of their texts. */
  addCells(cells: number, textBytes: number): void {
    this.#spent.cells += cells + textBytes / textBytesPerCell
    this.refuseCells(0)
  }

  /** Counts values in lists and maps. A value counts once for each list, map and struct that it is in. */
  addNested(values: number, textBytes: number): void {
    this.addCells(values * cellsPerNestedValue, textBytes)
  }

  /** Throws if `more` cells, which the file states, would exceed the limit. */
  refuseCells(more: number): void {
    const seen = this.#spent.cells + more
    const { cellRatio } = this.#bounds
    if (seen <= freeCells || seen <= cellRatio * this.#outerSize) return
    this.#refuse("The parquet file", "cells for each of its bytes", seen / this.#outerSize, cellRatio, "cellRatio")
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
