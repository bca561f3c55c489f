import type { LeafDictionary, LeafPage, LeafValues } from "./leaf-page.ts"
import { ParquetFault } from "./parquet-fault.ts"
import type { RunReader } from "./run-reader.ts"
import type { ValueReader } from "./value-reader.ts"

/** The readers for the parts of an unpacked page. */
export interface PageParts {
  /** Entries of the page. */
  readonly length: number
  readonly maxDefinition: number
  readonly maxRepetition: number
  readonly repetitions: RunReader | undefined
  readonly definitions: RunReader | undefined
  /** Called when the first value is read. */
  readonly values: () => ValueReader
  readonly dictionary: LeafDictionary | undefined
}

const noValues = new Int32Array(0)

/** Reads the entries of a page, some at a time. */
export class PageCursor {
  readonly #parts: PageParts
  #values: ValueReader | undefined
  /** Number of entries left. */
  left: number

  constructor(parts: PageParts) {
    this.#parts = parts
    this.left = parts.length
  }

  /** Reads the next entries: `most`, or all that are left. */
  take(most: number): LeafPage {
    const { maxDefinition, maxRepetition, dictionary } = this.#parts
    const length = Math.min(most, this.left)
    this.left -= length
    const repetitions = this.#repetitions(length, maxRepetition)
    const { definitions, present } = this.#definitions(length, maxDefinition)
    const values = present === 0 ? noValues : this.#read(present)
    return { length, maxDefinition, definitions, repetitions, values, dictionary: present === 0 ? undefined : dictionary }
  }

  #read(present: number): LeafValues {
    this.#values ??= this.#parts.values()
    return this.#values.read(present)
  }

  #repetitions(length: number, max: number): Uint8Array | undefined {
    const { repetitions } = this.#parts
    if (repetitions === undefined) return undefined
    const levels = new Uint8Array(length)
    repetitions.read(levels)
    countFull(levels, max)
    return levels
  }

  /** Leaves the levels out if no entry is null. */
  #definitions(length: number, max: number): { readonly definitions: Uint8Array | undefined; readonly present: number } {
    const { definitions: runs } = this.#parts
    if (runs === undefined) return { definitions: undefined, present: length }
    const same = runs.readRun(length)
    if (same === max) return { definitions: undefined, present: length }
    const levels = new Uint8Array(length)
    if (same === undefined) runs.read(levels)
    else if (same > max) throw tooHigh(same, max)
    else levels.fill(same)
    const present = countFull(levels, max)
    return { definitions: present === length ? undefined : levels, present }
  }
}

/** Counts the levels equal to `max`. The loop has no branches, because V8 compiles for the branches it has seen and starts over for a new one. */
function countFull(levels: Uint8Array, max: number): number {
  let full = 0
  let highest = 0
  for (let at = 0; at < levels.length; at++) {
    const level = levels[at] ?? 0
    full += level === max ? 1 : 0
    highest = Math.max(highest, level)
  }
  if (highest > max) throw tooHigh(highest, max)
  return full
}

function tooHigh(level: number, max: number): ParquetFault {
  return new ParquetFault(`an entry has the level ${level}, but the levels of its column go only up to ${max}`)
}
