import type { Column } from "../../model/column.ts"
import type { ColumnProfile, Frequencies } from "../../model/column-profile.ts"
import { BooleanColumn } from "../../model/columns/boolean-column.ts"
import { BytesColumn } from "../../model/columns/bytes-column.ts"
import { DateColumn } from "../../model/columns/date-column.ts"
import { NumberColumn } from "../../model/columns/number-column.ts"
import { hashText } from "../../sketch/hash-text.ts"
import { HyperLogLog } from "../../sketch/hyper-log-log.ts"
import { KeyHash } from "../../sketch/key-hash.ts"
import { OrderedBuckets } from "../../sketch/ordered-buckets.ts"
import { TextPattern } from "../text-pattern.ts"
import type { SampledRows } from "./sampled-rows.ts"

/** A column with more different texts is no list of categories. */
const mostValues = 500
const mostPatterns = 200
const mostBuckets = 512
/** What the ledger keeps, so that a column takes at most 2 kB. */
export const kept = { values: 64, patterns: 16, patternChars: 40, buckets: 64 } as const

interface Counted {
  weight: number
  readonly text: string
}

const hash = new KeyHash()
const pattern = new TextPattern()
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

/** Gathers the profile of one column. Any order of `add` and `merge` gives the same profile. */
export class ColumnProfiler {
  #rows = 0
  #nulls = 0
  #weight = 0
  #squares = 0
  readonly #distinct = new HyperLogLog()
  readonly #numbers = new OrderedBuckets(mostBuckets)
  #values: Map<number, Counted> | undefined = new Map()
  /** By a hash: to spell a pattern takes longer than all else that is done with a cell. */
  #patterns: Map<number, Counted> | undefined = new Map()
  /** Redacted: only rows and nulls are counted. */
  readonly hidden: boolean

  constructor(hidden = false) {
    this.hidden = hidden
  }

  count(rows: number, nulls: number): void {
    this.#rows += rows
    this.#nulls += nulls
  }

  /** Adds the sampled cells. `readsNumbers`: the column holds decimals as text. */
  add(column: Column<unknown>, { rows, weights, count }: SampledRows, readsNumbers: boolean): void {
    if (this.hidden) return
    const { nulls } = column
    const view = column instanceof BytesColumn ? viewOf(column.bytes) : undefined
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      if (nulls.count > 0 && nulls.has(row)) continue
      const weight = weights[at] as number
      this.#weight += weight
      this.#squares += weight * weight
      if (column instanceof BytesColumn && view !== undefined && !readsNumbers)
        this.#addText(column.bytes, view, column.starts[row] as number, column.ends[row] as number, weight)
      else if (column instanceof NumberColumn) this.#addNumber(column.numbers()[row] as number, weight)
      else if (column instanceof DateColumn) this.#addNumber(column.times()[row] as number, weight)
      else if (column instanceof BooleanColumn) this.#addString(column.flags()[row] === 1 ? "true" : "false", weight)
      else this.#addCell(column.at(row), weight, readsNumbers)
    }
  }

  merge(other: ColumnProfiler): void {
    this.#rows += other.#rows
    this.#nulls += other.#nulls
    this.#weight += other.#weight
    this.#squares += other.#squares
    this.#distinct.merge(other.#distinct)
    this.#numbers.merge(other.#numbers)
    this.#values = merged(this.#values, other.#values, mostValues)
    this.#patterns = merged(this.#patterns, other.#patterns, mostPatterns)
  }

  profile(column: string): ColumnProfile {
    const known = { column, rows: this.#rows, nulls: this.#nulls }
    if (this.hidden) return known
    const patterns = this.#patterns && byText(this.#patterns.values())
    const numbers = this.#numbers.size === 0 ? undefined : this.#numbers.joined(0, kept.buckets).state()
    return {
      ...known,
      distinct: this.#distinct.estimate(),
      sample: {
        weight: this.#weight,
        squares: this.#squares,
        ...(numbers === undefined ? {} : { numbers }),
        ...optional("values", heaviest(this.#values, kept.values)),
        ...optional("patterns", heaviest(patterns, kept.patterns)),
      },
    }
  }

  /** The text or pattern of a key of the profile, for a report; undefined if it is not known any more. */
  textOf(key: number | string): string | undefined {
    return typeof key === "string" ? key : this.#values?.get(key)?.text
  }

  #addCell(cell: unknown, weight: number, readsNumbers: boolean): void {
    if (readsNumbers && typeof cell === "string" && cell.trim() !== "" && Number.isFinite(Number(cell)))
      this.#addNumber(Number(cell), weight)
    else if (typeof cell === "string") this.#addString(cell, weight)
    else if (typeof cell === "number") this.#addNumber(cell, weight)
    else if (cell instanceof Date) this.#addNumber(cell.getTime(), weight)
    else if (typeof cell === "boolean") this.#addString(String(cell), weight)
  }

  #addNumber(value: number, weight: number): void {
    double[0] = value === 0 ? 0 : value
    hash.reset()
    hash.addWord(words[0] as number)
    hash.addWord(words[1] as number)
    hash.finish()
    this.#distinct.add(hash.a, hash.b)
    this.#numbers.add(value, weight)
  }

  #addString(text: string, weight: number): void {
    const bytes = Buffer.from(text)
    this.#addText(bytes, viewOf(bytes), 0, bytes.length, weight)
  }

  #addText(bytes: Uint8Array, view: DataView, start: number, end: number, weight: number): void {
    hashText(hash, view, start, end)
    const { a, b } = hash
    this.#distinct.add(a, b)
    this.#values = counted(this.#values, a >>> 0, weight, mostValues, () => Buffer.from(bytes.subarray(start, end)).toString())
    if (this.#patterns === undefined) return
    pattern.read(bytes, start, end)
    pattern.hash(hash)
    this.#patterns = counted(this.#patterns, hash.a >>> 0, weight, mostPatterns, () => pattern.toString())
  }
}

/** Counts a key. Undefined once there are too many: then no order of the keys would have kept them. */
function counted<K>(
  counts: Map<K, Counted> | undefined,
  key: K,
  weight: number,
  most: number,
  text: () => string,
): Map<K, Counted> | undefined {
  const known = counts?.get(key)
  if (known !== undefined) known.weight += weight
  else counts?.set(key, { weight, text: text() })
  return counts === undefined || counts.size > most ? undefined : counts
}

function merged<K>(one: Map<K, Counted> | undefined, other: Map<K, Counted> | undefined, most: number): Map<K, Counted> | undefined {
  if (one === undefined || other === undefined) return undefined
  let counts: Map<K, Counted> | undefined = one
  for (const [key, { weight, text }] of other) counts = counted(counts, key, weight, most, () => text)
  return counts
}

/** Long patterns are cut, and may then be the same. */
function byText(patterns: Iterable<Counted>): ReadonlyMap<string, Counted> {
  const counts = new Map<string, Counted>()
  for (const { text, weight } of patterns) {
    const cut = text.slice(0, kept.patternChars)
    counts.set(cut, { text: cut, weight: weight + (counts.get(cut)?.weight ?? 0) })
  }
  return counts
}

/** The keys with the greatest weights; of equal ones, the smallest. Undefined if there are none. */
function heaviest<K extends number | string>(counts: ReadonlyMap<K, Counted> | undefined, most: number): Frequencies<K> | undefined {
  if (counts === undefined || counts.size === 0) return undefined
  const sorted = Array.from(counts, ([key, { weight }]) => [key, weight] as const).sort(
    ([one, heavy], [other, heavier]) => heavier - heavy || (one < other ? -1 : 1),
  )
  return { counts: sorted.slice(0, most), other: sorted.slice(most).reduce((sum, [, weight]) => sum + weight, 0) }
}

function optional<N extends string, V>(name: N, value: V | undefined): { readonly [K in N]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: V }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
