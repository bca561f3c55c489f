import type { PartPlace } from "../xml/xml-chunks.ts"
import { xmlExceeded } from "../xml/xml-errors.ts"
import type { XmlElement, XmlListener } from "../xml/xml-reader.ts"
import { builtInClass, builtInNumbers, type FormatClass, FormatCode } from "./format-code.ts"
import { shownNumber } from "./number-pattern.ts"

// The classes of `FormatClass` and `mixedFormat` as numbers, which the scanner looks up in an array.

/** The number is shown as a number, not as a date or time. */
export const plainFormat = 0
export const dateFormat = 1
export const timeFormat = 2
export const durationFormat = 3
/** The class depends on the value: call `classOf`. */
export const mixedFormat = 4
/** The number is shown with digits that it does not have, or with a unit: call `shown` and `unit`. */
export const shownFormat = 5

const codes: { readonly [format in FormatClass]: number } = {
  number: plainFormat,
  date: dateFormat,
  time: timeFormat,
  duration: durationFormat,
}

/** The cell formats of a workbook, by style index. */
export class CellFormats {
  /** The class of each style. A style beyond the end is `plainFormat`. */
  readonly classes: Uint8Array
  /** Whether a format shows a unit. */
  readonly haveUnits: boolean
  readonly #formats: readonly (FormatCode | undefined)[]

  constructor(formats: readonly (FormatCode | FormatClass)[]) {
    this.#formats = formats.map((format) => (format instanceof FormatCode ? format : undefined))
    this.haveUnits = this.#formats.some((format) => format?.unit !== undefined)
    this.classes = Uint8Array.from(formats, (format) => {
      const only = format instanceof FormatCode ? format.only : format
      if (only === undefined) return mixedFormat
      return format instanceof FormatCode && (format.hasPattern || format.unit !== undefined) ? shownFormat : codes[only]
    })
  }

  /** The text of a number whose style is `shownFormat`; undefined if the number alone tells it. */
  shown(style: number, value: number): string | undefined {
    const pattern = this.#formats[style]?.patternOf(value)
    return pattern === undefined ? undefined : shownNumber(value, pattern)
  }

  /** The unit of a number whose style is `shownFormat`: `%`, a currency or a text such as `kg`. */
  unit(style: number): string | undefined {
    return this.#formats[style]?.unit
  }

  /** The class of a value whose style is `mixedFormat`. */
  classOf(style: number, value: number): number {
    return codes[this.#formats[style]?.classOf(value) ?? "number"]
  }
}

/** Reads the number formats of the styles part. */
export class CellFormatsReader implements XmlListener {
  readonly #defined = new Map<number, FormatCode>()
  readonly #ids: number[] = []
  #inCells = false
  readonly #most: number
  readonly #place: PartPlace

  constructor(most: number, place: PartPlace) {
    this.#most = most
    this.#place = place
  }

  open(element: XmlElement): void {
    if (element.name === "numFmt" && element.depth === 2) {
      this.#defined.set(Number(element.attribute("numFmtId")), new FormatCode(element.attribute("formatCode") ?? ""))
    } else if (element.name === "cellXfs") this.#inCells = true
    else if (element.name === "xf" && this.#inCells) {
      this.#ids.push(Number(element.attribute("numFmtId") ?? 0))
      const { length } = this.#ids
      if (length > this.#most) throw xmlExceeded(this.#place, "cell formats or more", length, this.#most, "cellFormats")
    }
  }

  close(name: string): void {
    if (name === "cellXfs") this.#inCells = false
  }

  formats(): CellFormats {
    return new CellFormats(this.#ids.map((id) => this.#defined.get(id) ?? builtInNumbers.get(id) ?? builtInClass(id)))
  }
}
