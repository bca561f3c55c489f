import { formatUnit } from "./format-unit.ts"
import { type NumberPattern, numberPattern } from "./number-pattern.ts"

/** What a number format shows a number as. */
export type FormatClass = "number" | "date" | "time" | "duration"

/** One of up to four sections of a format, and the values that it applies to. */
interface FormatSection {
  readonly class: FormatClass
  readonly applies: ((value: number) => boolean) | undefined
  /** How it shows digits, if it shows numbers. */
  readonly pattern: NumberPattern | undefined
  /** What it shows beside the digits, if it shows numbers. */
  readonly unit: string | undefined
}

/**
 * Built-in formats that show dates (ECMA-376 part 1, 18.8.30). 27 to 36, 50 to 58 and 71 to 81 are dates in some locales and undefined in
 * others, so they are always read as dates.
 */
const builtInDates: readonly (readonly [from: number, to: number, format: FormatClass])[] = [
  [14, 17, "date"],
  [18, 21, "time"],
  [22, 22, "date"],
  [27, 31, "date"],
  [32, 35, "time"],
  [36, 36, "date"],
  [45, 45, "time"],
  [46, 46, "duration"],
  [47, 47, "time"],
  [50, 58, "date"],
  [71, 74, "date"],
  [75, 76, "time"],
  [77, 77, "date"],
  [78, 78, "time"],
  [79, 79, "duration"],
  [80, 80, "time"],
  [81, 81, "date"],
]

/** The class of a built-in format, which a file uses by its number without defining it. */
export function builtInClass(id: number): FormatClass {
  return builtInDates.find(([from, to]) => id >= from && id <= to)?.[2] ?? "number"
}

/** A number format that is parsed once, so that classifying a value is cheap. */
export class FormatCode {
  /** The class of all values; undefined if it depends on the value. */
  readonly only: FormatClass | undefined
  /** Whether a section shows digits that a number does not have. */
  readonly hasPattern: boolean
  /** The unit of all numbers, such as `%`, `EUR` or `kg`; undefined if there is none, or if it depends on the number. */
  readonly unit: string | undefined
  readonly #sections: readonly FormatSection[]

  constructor(code: string) {
    const sections = readSections(code)
    // A section without a condition decides for all values. The sections after it are for negative numbers, zero and text, which cannot be other dates.
    const unconditional = sections.findIndex(({ applies }) => applies === undefined)
    this.#sections = unconditional < 0 ? sections : sections.slice(0, unconditional + 1)
    const [first] = this.#sections
    this.hasPattern = this.#sections.some(({ pattern }) => pattern !== undefined)
    const units = new Set(sections.flatMap(({ unit }) => unit ?? []))
    this.unit = units.size === 1 ? first?.unit : undefined
    this.only = this.#sections.every((section) => section.class === first?.class) ? first?.class : undefined
  }

  /** The class of the first section whose condition the value meets, else of the last section. */
  classOf(value: number): FormatClass {
    return this.#sectionOf(value)?.class ?? "number"
  }

  /** How a number is shown. */
  patternOf(value: number): NumberPattern | undefined {
    return this.#sectionOf(value)?.pattern
  }

  #sectionOf(value: number): FormatSection | undefined {
    return this.#sections.find(({ applies }) => applies === undefined || applies(value)) ?? this.#sections.at(-1)
  }
}

function readSections(code: string): FormatSection[] {
  const sections: FormatSection[] = []
  let at = 0
  while (at <= code.length && sections.length < 4) {
    const reader = new SectionReader(code, at)
    sections.push(reader.read())
    at = reader.at + 1
  }
  return sections
}

/** Parses one section in a single pass, so even a hostile format takes linear time. */
class SectionReader {
  at: number
  readonly #code: string
  #applies: ((value: number) => boolean) | undefined
  #date = false
  #time = false
  #elapsed = false
  /** Whether the last letters were hours: an "m" after them means minutes. */
  #afterHours = false
  /** Whether there is an "m" or "mm" that means months unless seconds follow. */
  #openMonth = false

  constructor(code: string, at: number) {
    this.#code = code
    this.at = at
  }

  read(): FormatSection {
    const code = this.#code
    const start = this.at
    while (this.at < code.length) {
      const character = code[this.at] ?? ""
      if (character === ";") break
      if (character === '"') this.at = indexAfter(code, '"', this.at + 1)
      else if (character === "\\" || character === "_" || character === "*") this.at += 2
      else if (character === "[") this.#bracket()
      else this.#letters(character.toLowerCase())
    }
    if (this.#openMonth) this.#date = true
    const own = this.#class()
    const section = own === "number" ? code.slice(start, this.at) : undefined
    return {
      class: own,
      applies: this.#applies,
      pattern: section === undefined ? undefined : numberPattern(section),
      unit: section === undefined ? undefined : formatUnit(section),
    }
  }

  #class(): FormatClass {
    if (this.#elapsed) return "duration"
    if (this.#date) return "date"
    return this.#time ? "time" : "number"
  }

  /** `[h]`, `[mm]` and `[ss]` show elapsed time, and `[<100]` is a condition. Colours and locales are ignored. */
  #bracket(): void {
    const end = indexAfter(this.#code, "]", this.at + 1)
    const inside = this.#code.slice(this.at + 1, end - 1)
    this.at = end
    if (/^(?:h+|m+|s+)$/i.test(inside)) {
      this.#elapsed = true
      this.#afterHours = /^h/i.test(inside)
    } else {
      const condition = /^(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$/.exec(inside)
      if (condition !== null) this.#applies = conditionOf(condition[1] ?? "", Number(condition[2]))
    }
  }

  #letters(letter: string): void {
    const start = this.at
    const rest = this.#code.slice(start, start + 7).toLowerCase()
    if (rest === "general") {
      this.at += 7
      return
    }
    const halfDay = rest.startsWith("am/pm") ? 5 : rest.startsWith("a/p") ? 3 : /^[上下]午\/[上下]午/.test(rest) ? 5 : 0
    if (halfDay > 0) {
      this.at += halfDay
      this.#time = true
      return
    }
    while (this.at < this.#code.length && this.#code[this.at]?.toLowerCase() === letter) this.at++
    this.#take(letter, this.at - start)
  }

  #take(letter: string, length: number): void {
    if (letter === "m") {
      if (length > 2) this.#date = true
      else if (this.#afterHours) this.#time = true
      else this.#openMonth = true
      this.#afterHours = false
    } else if (letter === "h") {
      this.#closeMonth()
      this.#time = true
      this.#afterHours = true
    } else if (letter === "s") {
      this.#time = true
      this.#openMonth = false
      this.#afterHours = false
    } else if (letter === "d" || letter === "y" || (letter === "g" && this.#code[this.at]?.toLowerCase() === "e")) {
      // An "e" after "g" is the year of an era. Alone it would be a literal or an exponent.
      this.#closeMonth()
      this.#date = true
      this.#afterHours = false
    }
  }

  #closeMonth(): void {
    if (this.#openMonth) this.#date = true
    this.#openMonth = false
  }
}

function conditionOf(operator: string, bound: number): (value: number) => boolean {
  if (operator === "<") return (value) => value < bound
  if (operator === "<=") return (value) => value <= bound
  if (operator === ">") return (value) => value > bound
  if (operator === ">=") return (value) => value >= bound
  return operator === "=" ? (value) => value === bound : (value) => value !== bound
}

function indexAfter(code: string, end: string, from: number): number {
  const at = code.indexOf(end, from)
  return at < 0 ? code.length : at + end.length
}

/** Built-in formats with two digits after the point or percent signs (ECMA-376 part 1, 18.8.30). */
export const builtInNumbers: ReadonlyMap<number, FormatCode> = new Map([
  ...[2, 4, 7, 8, 39, 40, 44].map((id) => [id, new FormatCode("0.00")] as const),
  ...[9, 10].map((id) => [id, new FormatCode("0%")] as const),
])
