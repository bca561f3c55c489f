import type { ByteRanges, Column, ColumnKind, Dictionary } from "../column.ts"
import { instantOf } from "../fine-instant.ts"
import type { NullMask } from "../null-mask.ts"

/** Converts between layouts; each result is kept. A layout overrides the accessor that it serves without conversion. */
export abstract class ColumnBase<out V> implements Column<V> {
  abstract readonly kind: ColumnKind
  readonly length: number
  readonly nulls: NullMask
  #numbers: Float64Array | undefined
  #times: Float64Array | undefined
  #flags: Uint8Array | undefined
  #dictionary: Dictionary | undefined
  #ranges: ByteRanges | undefined

  protected constructor(length: number, nulls: NullMask) {
    this.length = length
    this.nulls = nulls
  }

  abstract at(row: number): V | null

  numbers(this: Column<number>): Float64Array {
    return (this as ColumnBase<number>).#makeNumbers()
  }

  times(this: Column<Date>): Float64Array {
    return (this as ColumnBase<Date>).#makeTimes()
  }

  flags(this: Column<boolean>): Uint8Array {
    return (this as ColumnBase<boolean>).#makeFlags()
  }

  dictionary(this: Column<string>): Dictionary {
    return (this as ColumnBase<string>).#makeDictionary()
  }

  ranges(this: Column<string>): ByteRanges {
    return (this as ColumnBase<string>).#makeRanges()
  }

  #makeNumbers(): Float64Array {
    this.#numbers ??= Float64Array.from({ length: this.length }, (_, row) => {
      const value = this.at(row)
      return typeof value === "number" ? value : Number.NaN
    })
    return this.#numbers
  }

  #makeTimes(): Float64Array {
    this.#times ??= Float64Array.from({ length: this.length }, (_, row) => {
      const value = this.at(row)
      return value instanceof Date ? instantOf(value) : Number.NaN
    })
    return this.#times
  }

  #makeFlags(): Uint8Array {
    this.#flags ??= Uint8Array.from({ length: this.length }, (_, row) => (this.at(row) === true ? 1 : 0))
    return this.#flags
  }

  #makeDictionary(): Dictionary {
    if (this.#dictionary !== undefined) return this.#dictionary
    const codes = new Uint32Array(this.length)
    const values: string[] = []
    const codeOf = new Map<string, number>()
    for (let row = 0; row < this.length; row++) {
      const value = this.at(row)
      if (value === null) continue
      const text = String(value)
      let code = codeOf.get(text)
      if (code === undefined) {
        code = values.push(text) - 1
        codeOf.set(text, code)
      }
      codes[row] = code
    }
    this.#dictionary = { codes, values }
    return this.#dictionary
  }

  #makeRanges(): ByteRanges {
    if (this.#ranges !== undefined) return this.#ranges
    const parts: Buffer[] = []
    const starts = new Uint32Array(this.length)
    const ends = new Uint32Array(this.length)
    let end = 0
    for (let row = 0; row < this.length; row++) {
      starts[row] = end
      const value = this.at(row)
      if (value !== null) {
        const part = Buffer.from(String(value))
        parts.push(part)
        end += part.length
      }
      ends[row] = end
    }
    this.#ranges = { bytes: Buffer.concat(parts, end), starts, ends }
    return this.#ranges
  }
}
