import { toDate } from "../../model/fine-instant.ts"
import type { JsonValue } from "../../model/json-value.ts"
import { codesOf, storedAt } from "./leaf-page.ts"
import { instantText, isBeyondDate, type LeafType } from "./leaf-type.ts"
import type { PageSlice } from "./page-slice.ts"
import { type OnBadText, textFault } from "./text-column.ts"

/** The level after the last entry. */
const none = -1

/** Reads the entries of a stored column that may repeat within a row, one by one. */
export class NestedReader {
  /** The levels of the current entry; -1 after the last. */
  definition = none
  repetition = none
  readonly #slices: readonly PageSlice[]
  readonly #type: LeafType
  readonly #onBadText: OnBadText
  /** The values of the page or of its dictionary, unless they are bytes. */
  #values: ArrayLike<unknown> | undefined
  /** The codes into the dictionary, if there is one. */
  #codes: Uint32Array | undefined
  #slice = -1
  #entry = 0
  #value = 0

  constructor(slices: readonly PageSlice[], type: LeafType, onBadText: OnBadText) {
    this.#slices = slices
    this.#type = type
    this.#onBadText = onBadText
    this.#readLevels()
  }

  /** Moves to the next entry. */
  next(): void {
    const page = this.#slices[this.#slice]?.page
    if (this.definition === page?.maxDefinition) this.#value++
    this.#entry++
    this.#readLevels()
  }

  /** The value of the current entry. `row` is its row in the batch. */
  value(row: number): JsonValue {
    const page = this.#slices[this.#slice]?.page
    if (page === undefined || this.definition !== page.maxDefinition) return null
    const place = this.#codes === undefined ? this.#value : (this.#codes[this.#value] ?? 0)
    const stored = this.#values === undefined ? storedAt(page, this.#value) : this.#values[place]
    if (typeof stored === "number" && this.#type.read === Number) return Number.isFinite(stored) ? stored : String(stored)
    const fault = this.#type.kind === "text" ? textFault(stored) : undefined
    if (fault !== undefined) this.#onBadText(row, fault)
    const value = this.#type.read(stored)
    if (typeof value !== "number") return value
    if (this.#type.kind === "date") return isBeyondDate(value) ? instantText(stored, this.#type) : toDate(value).toISOString()
    // JSON has no NaN and no infinities.
    return Number.isFinite(value) ? value : String(value)
  }

  #readLevels(): void {
    let slice = this.#slices[this.#slice]
    while (slice === undefined || this.#entry === slice.to) {
      slice = this.#slices[++this.#slice]
      if (slice === undefined) {
        this.definition = none
        this.repetition = none
        return
      }
      this.#entry = slice.from
      this.#value = slice.value
      const { values, dictionary } = slice.page
      const stored = dictionary?.stored ?? values
      this.#values = "lengthAt" in stored ? undefined : stored
      this.#codes = dictionary === undefined ? undefined : codesOf(slice.page)
    }
    const { definitions, repetitions, maxDefinition } = slice.page
    this.definition = definitions === undefined ? maxDefinition : (definitions[this.#entry] ?? 0)
    this.repetition = repetitions?.[this.#entry] ?? 0
  }
}
