import type { JsonValue } from "../../model/json-value.ts"
import { isFar } from "./leaf-cells.ts"
import { codesOf, storedAt } from "./leaf-page.ts"
import { type OnBadText, textFault } from "./leaf-texts.ts"
import type { LeafType } from "./leaf-type.ts"
import type { PageSlice } from "./page-slice.ts"

/** The end of the entries, which no level is. */
const none = -1

/** Goes through the entries of a stored column that may repeat within a row. */
export class NestedReader {
  /** Levels of the entry at hand; -1 behind the last. */
  definition = none
  repetition = none
  readonly #slices: readonly PageSlice[]
  readonly #type: LeafType
  readonly #onBadText: OnBadText
  /** Values of the page, or of its dictionary, where they are no bytes; and the codes into those. */
  #plain: ArrayLike<unknown> | undefined
  #codes: Uint32Array | undefined
  #slice = -1
  #entry = 0
  #value = 0

  constructor(slices: readonly PageSlice[], type: LeafType, onBadText: OnBadText) {
    this.#slices = slices
    this.#type = type
    this.#onBadText = onBadText
    this.#settle()
  }

  /** Moves on to the next entry. */
  next(): void {
    const page = this.#slices[this.#slice]?.page
    if (this.definition === page?.maxDefinition) this.#value++
    this.#entry++
    this.#settle()
  }

  /** The value of the entry at hand, which is of a row of the batch. */
  value(row: number): JsonValue {
    const page = this.#slices[this.#slice]?.page
    if (page === undefined || this.definition !== page.maxDefinition) return null
    const place = this.#codes === undefined ? this.#value : (this.#codes[this.#value] ?? 0)
    const stored = this.#plain === undefined ? storedAt(page, this.#value) : this.#plain[place]
    if (typeof stored === "number" && this.#type.read === Number) return Number.isFinite(stored) ? stored : String(stored)
    const fault = this.#type.kind === "text" ? textFault(stored) : undefined
    if (fault !== undefined) this.#onBadText(row, fault)
    const value = this.#type.read(stored)
    if (typeof value !== "number") return value
    if (this.#type.kind === "date") return isFar(value) ? String(stored) : new Date(value).toISOString()
    // JSON lacks the numbers that are none.
    return Number.isFinite(value) ? value : String(value)
  }

  #settle(): void {
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
      this.#plain = "lengthAt" in stored ? undefined : stored
      this.#codes = dictionary === undefined ? undefined : codesOf(slice.page)
    }
    const { definitions, repetitions, maxDefinition } = slice.page
    this.definition = definitions === undefined ? maxDefinition : (definitions[this.#entry] ?? 0)
    this.repetition = repetitions?.[this.#entry] ?? 0
  }
}
