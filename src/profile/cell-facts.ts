import { dayMs } from "../cells/civil-date.ts"
import { CountedMinima, type CountedMinimaState, missing } from "../sketch/counted-minima.ts"
import { FrequentValues, type FrequentValuesState, wanted } from "../sketch/frequent-values.ts"
import { HyperLogLog } from "../sketch/hyper-log-log.ts"
import { KeyHash } from "../sketch/key-hash.ts"
import { disguisedNulls, disguisedNumberAt, disguisedTextAt } from "./disguised-nulls.ts"
import { Extremes } from "./extremes.ts"
import { Instants, type InstantsState } from "./instants.ts"
import { NamedDates, type NamedDatesState } from "./named-dates.ts"
import { NumberSketch, type NumberSketchState } from "./number-sketch.ts"
import { possible, possibleForms } from "./possible-forms.ts"
import type { SeenCell } from "./seen-cell.ts"
import type { TextCell } from "./text-cell.ts"
import { TextPattern } from "./text-pattern.ts"
import { TextRange } from "./text-range.ts"
import { type CellType, cellTypes, TextType } from "./text-type.ts"
import { WrittenNumbers, type WrittenNumbersState } from "./written-numbers.ts"

/** How many patterns are counted exactly. */
const mostPatterns = 512
/** How many cells are kept as examples of a type, or of an oddity. */
const mostExamples = 5

/** A pattern, and of its values the one with the smallest hash. */
export interface SeenPattern {
  readonly pattern: string
  readonly example: SeenCell
  readonly hash: number
}

/** A `CellFacts` as plain JSON. */
export interface CellFactsState {
  readonly distinct: string
  readonly types: readonly number[]
  readonly typeExamples: readonly CountedMinimaState<SeenCell>[]
  readonly numbers: NumberSketchState
  readonly written: WrittenNumbersState
  readonly named: NamedDatesState
  readonly instants: InstantsState
  readonly dayFirst: InstantsState
  readonly monthFirst: InstantsState
  readonly characters: number
  readonly characterRange: readonly number[]
  readonly texts: readonly string[]
  readonly patterns: FrequentValuesState<SeenPattern>
  readonly padded: CountedMinimaState<SeenCell>
  readonly paddedCells: number
  readonly disguised: readonly number[]
}

/** A cell that sketches may keep. */
interface Seen {
  seen(): SeenCell
}

const pattern = new TextPattern()
const patternHash = new KeyHash()
const textType = new TextType()

/** All facts about the cells of a column that do not need all cells at once. Each is a count, an extreme or a sketch, so facts of parts add up. */
export class CellFacts {
  readonly distinct: HyperLogLog
  /** How many cells have each type of `cellTypes`. */
  readonly types: Float64Array
  readonly typeExamples: CountedMinima<SeenCell>[]
  /** Numbers that are the same in every notation: those that the file stores as such, and whole ones without separators. */
  readonly numbers: NumberSketch
  /** All other numbers. */
  readonly written: WrittenNumbers
  /** Dates with names of months. */
  readonly named: NamedDates
  /** Instants of ISO dates and of dates that the file stores as such. */
  readonly instants: Instants
  /** Instants of dates such as 03/04/2025, read in both orders. */
  readonly dayFirst: Instants
  readonly monthFirst: Instants
  /** All characters of all texts. */
  characters: number
  readonly characterRange: Extremes
  readonly texts: TextRange
  readonly patterns: FrequentValues<SeenPattern>
  readonly padded: CountedMinima<SeenCell>
  paddedCells: number
  /** How many cells are each of `disguisedNulls`. */
  readonly disguised: Float64Array

  constructor(state?: CellFactsState) {
    this.distinct = new HyperLogLog(state === undefined ? undefined : new Uint8Array(Buffer.from(state.distinct, "base64")))
    this.types = Float64Array.from({ length: cellTypes.length }, (_, at) => state?.types[at] ?? 0)
    const none: CountedMinimaState<SeenCell> = { more: false, entries: [] }
    this.typeExamples = cellTypes.map((_, at) => CountedMinima.from(mostExamples, state?.typeExamples[at] ?? none))
    this.numbers = state === undefined ? new NumberSketch() : NumberSketch.from(state.numbers)
    this.written = WrittenNumbers.from(state?.written ?? [])
    this.named = NamedDates.from(state?.named ?? [])
    const noInstants: InstantsState = { days: [], range: [] }
    this.instants = Instants.from(state?.instants ?? noInstants)
    this.dayFirst = Instants.from(state?.dayFirst ?? noInstants)
    this.monthFirst = Instants.from(state?.monthFirst ?? noInstants)
    this.characters = state?.characters ?? 0
    this.characterRange = Extremes.from(state?.characterRange ?? [])
    this.texts = TextRange.from(state?.texts ?? [])
    this.patterns = state === undefined ? new FrequentValues(mostPatterns) : FrequentValues.from(mostPatterns, state.patterns)
    this.padded = CountedMinima.from(mostExamples, state?.padded ?? none)
    this.paddedCells = state?.paddedCells ?? 0
    this.disguised = Float64Array.from({ length: disguisedNulls.length }, (_, at) => state?.disguised[at] ?? 0)
  }

  /** Adds a cell that is not text. */
  addValue(cell: Exclude<SeenCell, { type: "text" }>, a: number, b: number, c: number, times: number): void {
    const given = { seen: () => cell }
    this.distinct.add(a, b)
    if (cell.type === "number") {
      this.#addType(Number.isInteger(cell.value) ? "integer" : "decimal", a, b, c, times, given)
      this.numbers.add(cell.value, times)
      this.#addDisguised(cell.value, times)
    } else if (cell.type === "date") {
      this.#addType(cell.value % dayMs === 0 ? "date" : "timestamp", a, b, c, times, given)
      this.instants.add(cell.value, times)
    } else this.#addType(cell.type, a, b, c, times, given)
  }

  /** Adds a cell that is text. */
  addText(cell: TextCell, a: number, b: number, c: number, times: number): void {
    const { bytes, first, last } = cell
    this.distinct.add(a, b)
    textType.read(bytes, first, last)
    const { type, value, orders } = textType
    this.#addType(type, a, b, c, times, cell)
    if (type === "integer") {
      this.numbers.add(value, times)
      this.#addDisguised(value, times)
    } else if (type === "decimal") {
      this.written.addPointed(value, bytes, first, last, times)
      this.#addDisguised(value, times)
    } else if (orders !== undefined) {
      this.dayFirst.add(orders.dayFirst, times)
      this.monthFirst.add(orders.monthFirst, times)
    } else if (type === "date" || type === "timestamp") this.instants.add(value, times)
    else {
      const at = disguisedTextAt(bytes, first, last)
      if (at >= 0) this.disguised[at] = (this.disguised[at] as number) + times
      if (type === "text") {
        const forms = possibleForms(bytes, first, last)
        if (forms & possible.amount) this.written.addText(bytes, first, last, times)
        if (forms & possible.date) this.named.addText(bytes, first, last, times)
      }
    }
    pattern.read(bytes, first, last)
    const characters = pattern.characters + cell.otherCharacters
    this.characters += characters * times
    this.characterRange.add(characters)
    this.texts.add(bytes, cell.start, cell.end)
    this.#addPattern(a, times, cell)
    if (cell.isPadded) {
      this.paddedCells += times
      if (this.padded.count(a, b, c, times) === missing) this.padded.insert(a, b, c, times, cell.seen())
    }
  }

  merge(other: CellFacts): void {
    this.distinct.merge(other.distinct)
    for (const [counts, more] of [[this.types, other.types] as const, [this.disguised, other.disguised] as const])
      more.forEach((count, at) => {
        counts[at] = (counts[at] ?? 0) + count
      })
    this.typeExamples.forEach((examples, at) => {
      examples.merge(other.typeExamples[at] ?? examples)
    })
    this.numbers.merge(other.numbers)
    this.written.merge(other.written)
    this.named.merge(other.named)
    this.instants.merge(other.instants)
    this.dayFirst.merge(other.dayFirst)
    this.monthFirst.merge(other.monthFirst)
    this.characters += other.characters
    this.characterRange.merge(other.characterRange)
    this.texts.merge(other.texts)
    this.patterns.merge(other.patterns, (one, two) => (one.hash <= two.hash ? one : two))
    this.padded.merge(other.padded)
    this.paddedCells += other.paddedCells
  }

  state(): CellFactsState {
    return {
      distinct: Buffer.from(this.distinct.state()).toString("base64"),
      types: [...this.types],
      typeExamples: this.typeExamples.map((examples) => examples.state()),
      numbers: this.numbers.state(),
      written: this.written.state(),
      named: this.named.state(),
      instants: this.instants.state(),
      dayFirst: this.dayFirst.state(),
      monthFirst: this.monthFirst.state(),
      characters: this.characters,
      characterRange: this.characterRange.state(),
      texts: this.texts.state(),
      patterns: this.patterns.state(),
      padded: this.padded.state(),
      paddedCells: this.paddedCells,
      disguised: [...this.disguised],
    }
  }

  #addType(type: CellType, a: number, b: number, c: number, times: number, cell: Seen): void {
    const at = cellTypes.indexOf(type)
    this.types[at] = (this.types[at] as number) + times
    const examples = this.typeExamples[at] as CountedMinima<SeenCell>
    if (examples.count(a, b, c, times) === missing) examples.insert(a, b, c, times, cell.seen())
  }

  #addDisguised(value: number, times: number): void {
    const at = disguisedNumberAt(value)
    if (at >= 0) this.disguised[at] = (this.disguised[at] as number) + times
  }

  #addPattern(hash: number, times: number, cell: Seen): void {
    pattern.hash(patternHash)
    const { a, b, c } = patternHash
    const place = this.patterns.count(a, b, c, times)
    if (place >= 0) {
      const known = this.patterns.minima.valueAt(place)
      if (hash >>> 0 < known.hash) this.patterns.minima.setValue(place, { ...known, example: cell.seen(), hash: hash >>> 0 })
      return
    }
    if (place !== missing && place !== wanted) return
    const found: SeenPattern = {
      pattern: pattern.toString(),
      example: cell.seen(),
      hash: hash >>> 0,
    }
    if (place === missing) this.patterns.insert(a, b, c, times, found)
    else this.patterns.nominate(a, b, c, found)
  }
}
