import { setImmediate as nextTurn } from "node:timers/promises"
import { limitExceeded } from "../../errors/limit-exceeded.ts"
import type { FileBudget } from "./file-budget.ts"
import type { LeafCursor } from "./leaf-cursor.ts"
import type { PageSlice } from "./page-slice.ts"
import type { ParquetBounds } from "./parquet-limits.ts"
import type { ParquetLeaf } from "./parquet-plan.ts"
import { RowWindow } from "./row-window.ts"
import { estimatedTextBytes, isTextual } from "./text-bytes.ts"
import type { TurnGate } from "./turn-gate.ts"

/** Entries that are read before other code gets a turn: pages that need no waiting would be read without a pause. */
const turnEntries = 32_768

/** A 96-bit instant takes as long as this many other cells. */
const cellsPerInt96 = 4

/** The objects that the columns of a file share. */
export interface GroupReaderOptions {
  readonly uri: string
  readonly bounds: ParquetBounds
  readonly budget: FileBudget
  readonly gate: TurnGate
}

/** Reads the rows of a row group from all its columns. */
export class GroupReader {
  readonly #flat: readonly [ParquetLeaf, LeafCursor][]
  readonly #nested: readonly [ParquetLeaf, LeafCursor][]
  /** The weights of all repeated columns, added. */
  readonly #weight: number
  readonly #options: GroupReaderOptions
  #sinceTurn = 0

  constructor(cursors: ReadonlyMap<ParquetLeaf, LeafCursor>, options: GroupReaderOptions) {
    this.#flat = [...cursors].filter(([leaf]) => leaf.maxRepetition === 0)
    this.#nested = [...cursors].filter(([leaf]) => leaf.maxRepetition > 0)
    this.#weight = this.#nested.reduce((sum, [{ weight }]) => sum + weight, 0)
    this.#options = options
  }

  /** Reads the next rows: up to `most`, and fewer if their lists are long. */
  async next(most: number): Promise<RowWindow> {
    const { gate, budget } = this.#options
    const rows = await this.#rowsAhead(most)
    const slices = new Map<ParquetLeaf, readonly PageSlice[]>()
    for (const [leaf, cursor] of this.#nested) slices.set(leaf, cursor.takeAhead(rows))
    // After one column fails, columns that have not begun do not begin.
    let hasFailed = false
    await Promise.all(
      this.#flat.map(async ([leaf, cursor]) => {
        await gate.pass()
        if (hasFailed) return
        try {
          slices.set(leaf, await cursor.take(rows))
        } catch (error) {
          hasFailed = true
          throw error
        }
      }),
    )
    let read = 0
    for (const [leaf, own] of slices) {
      const entries = own.reduce((sum, { from, to }) => sum + to - from, 0)
      read += entries
      const text = isTextual(leaf.type) ? estimatedTextBytes(own, leaf.type) : 0
      if (leaf.maxRepetition === 0) budget.addCells(rows + (cellsPerInt96 - 1) * int96s(own), text)
      else budget.addNested(leaf.weight * entries, text)
    }
    this.#sinceTurn += read
    if (this.#sinceTurn >= turnEntries) {
      this.#sinceTurn = 0
      await nextTurn()
    }
    return new RowWindow(rows, slices)
  }

  /** Call this after the last row. Throws if a column has more rows. */
  async finish(): Promise<void> {
    for (const [, cursor] of [...this.#flat, ...this.#nested]) {
      await this.#options.gate.pass()
      await cursor.finish()
    }
  }

  /** The number of rows to read at once, so that their lists in all columns together have no more values than one row may have. */
  async #rowsAhead(most: number): Promise<number> {
    const { bounds, gate, uri } = this.#options
    let rows = most
    let firstRows = 0
    for (const [leaf, cursor] of this.#nested) {
      await gate.pass()
      let first = 0
      const onFirstRow = (entries: number) => {
        first = entries * leaf.weight
        if (firstRows + first <= bounds.nestedValues) return
        const [seen, limit, option] = [firstRows + first, bounds.nestedValues, "limits.nestedValues"]
        throw limitExceeded({
          subject: "A row",
          unit: "values in lists and maps",
          seen,
          limit,
          option,
          origin: { uri, column: leaf.path.join(".") },
        })
      }
      rows = Math.min(rows, await cursor.readAhead(rows, { most: Math.floor(bounds.nestedValues / this.#weight), onFirstRow }))
      firstRows += first
    }
    return rows
  }
}

/** How many values there are that are made of 96 bits each; those of a dictionary are made once. */
function int96s(slices: readonly PageSlice[]): number {
  return slices.reduce((sum, { page, present }) => sum + (Array.isArray(page.values) ? present : 0), 0)
}
