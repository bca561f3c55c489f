import { RowgateError } from "../errors/rowgate-error.ts"
import { Bitmask } from "../model/bitmask.ts"
import type { ByteRanges, Column, ShownNumbers } from "../model/column.ts"
import { BooleanColumn } from "../model/columns/boolean-column.ts"
import { BytesColumn } from "../model/columns/bytes-column.ts"
import { DateColumn } from "../model/columns/date-column.ts"
import { DictionaryColumn } from "../model/columns/dictionary-column.ts"
import { MissingColumn } from "../model/columns/missing-column.ts"
import { NumberColumn } from "../model/columns/number-column.ts"
import { shownOfRanges } from "../model/columns/shown-numbers.ts"
import { ValueColumn } from "../model/columns/value-column.ts"
import { RowIssues } from "../model/issue-table.ts"
import { type NullMask, noNulls } from "../model/null-mask.ts"
import type { RowShape } from "../model/row-view.ts"
import { RowSelection } from "../model/selection.ts"
import { TableBatch } from "../model/table-batch.ts"
import type { TableFacts } from "../model/table-facts.ts"
import { UnjudgedRows } from "../model/unjudged-rows.ts"
import { ArrayReader } from "./array-reader.ts"
import type { BatchHead, ColumnCode, MaskCode, ShapeCode } from "./batch-head.ts"
import { cellOfJson } from "./cell-json.ts"
import { readOrigins } from "./origin-codes.ts"
import { partDamaged } from "./part-errors.ts"
import { mostFrameRows } from "./part-format.ts"

/**
 * The batch that `encodeBatch` wrote. Its columns refer to `bytes`, so leave them unchanged. Pass the facts of the table if a batch of the same table
 * was decoded before: stages expect all batches of a table to share them. Throws `PART_DAMAGED` for other bytes.
 */
export function decodeBatch(bytes: Uint8Array, table?: TableFacts): TableBatch<unknown> {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const headEnd = 4 + buffer.readUInt32LE(0)
    if (headEnd > buffer.length) throw new RangeError("the head is longer than the batch")
    const head: BatchHead = JSON.parse(buffer.toString("utf8", 4, headEnd))
    if (!(Number.isSafeInteger(head.rows) && head.rows >= 0 && head.rows <= mostFrameRows))
      throw new RangeError("the number of rows is wrong")
    return new BatchReader(head, buffer.subarray((headEnd + 7) & ~7), table ?? head.table).read()
  } catch (error) {
    if (error instanceof RowgateError) throw error
    throw partDamaged("a batch in it cannot be read", undefined, error)
  }
}

class BatchReader {
  readonly #head: BatchHead
  readonly #table: TableFacts
  readonly #arrays: ArrayReader
  readonly #masks = new Map<number, Bitmask>()
  readonly #ranges: readonly ByteRanges[]
  readonly #codes: readonly Uint32Array[]
  readonly #numbers: readonly Float64Array[]
  readonly #flags: readonly Uint8Array[]
  readonly #columns: readonly Column<unknown>[]

  constructor(head: BatchHead, arrays: Uint8Array, table: TableFacts) {
    this.#head = head
    this.#table = table
    this.#arrays = new ArrayReader(head.rows, arrays)
    this.#ranges = this.#readRanges()
    this.#codes = head.codes.map((code) => this.#arrays.whole(code))
    this.#numbers = head.numbers.map((code) => this.#arrays.numbers(code))
    this.#flags = head.flags.map((code) => new Uint8Array(this.#arrays.whole(code)))
    this.#columns = head.columns.map((code) => this.#column(code))
  }

  read(): TableBatch<unknown> {
    const { rows, raw, own, origins, selection, filtered, distrusted, unjudged = [], quality, unread } = this.#head
    const { names, columns } = this.#shape(raw)
    return TableBatch.restore({
      length: rows,
      table: this.#table,
      names,
      columns,
      owned: true,
      shape: own === undefined ? undefined : this.#shape(own),
      origins: readOrigins(origins, this.#arrays),
      selection: new RowSelection(rows, this.#mask(selection).copy()),
      filtered: this.#rowsOf(filtered),
      distrusted: this.#rowsOf(distrusted),
      unjudged: this.#unjudged(unjudged),
      issues: this.#issues(),
      quality: quality && this.#arrays.numbers(quality),
      unread: unread && new Map(unread),
    })
  }

  #shape({ names = this.#table.header, columns, absent }: ShapeCode): RowShape {
    if (names.length !== columns.length) throw new RangeError("a shape has more names than columns")
    return { names, columns: columns.map((at) => known(this.#columns, at)), absent: new Set(absent) }
  }

  #column(code: ColumnCode): Column<unknown> {
    const { rows, texts } = this.#head
    if (code.kind === "missing") return new MissingColumn(rows)
    const nulls = this.#nulls(code.nulls)
    switch (code.kind) {
      case "bytes": {
        const { bytes, starts, ends } = known(this.#ranges, code.ranges)
        const blanks = code.blanks === undefined ? undefined : this.#nulls(code.blanks)
        return new BytesColumn(bytes, starts, ends, rows, nulls, { plain: this.#plain(code.plain), blanks })
      }
      case "dictionary":
        return new DictionaryColumn(known(this.#codes, code.codes), known(texts, code.texts), rows, nulls)
      case "number":
        return new NumberColumn(known(this.#numbers, code.numbers), rows, nulls, this.#plain(code.plain), this.#shown(code.shown))
      case "date":
        return new DateColumn(known(this.#numbers, code.numbers), rows, nulls, this.#plain(code.plain))
      case "boolean":
        return new BooleanColumn(known(this.#flags, code.flags), rows, nulls)
      case "value":
        if (code.values.length !== rows) throw new RangeError("a column has another number of values than rows")
        return new ValueColumn(code.values.map(cellOfJson), rows, nulls, this.#shown(code.shown))
      default:
        throw new TypeError("a column has an unknown kind")
    }
  }

  #shown(at: number | undefined): ShownNumbers | undefined {
    const ranges = this.#plain(at)
    return ranges === undefined ? undefined : shownOfRanges(ranges)
  }

  #plain(at: number | undefined): ByteRanges | undefined {
    return at === undefined ? undefined : known(this.#ranges, at)
  }

  #readRanges(): readonly ByteRanges[] {
    const buffers = this.#head.bytes.map(([at, length]) => this.#arrays.bytes(at, length))
    const ranges: ByteRanges[] = []
    for (const { bytes, gaps, lengths, after } of this.#head.ranges) {
      const starts = this.#arrays.whole(gaps)
      const ends = this.#arrays.whole(lengths)
      const before = after === undefined ? undefined : known(ranges, after).ends
      let end = 0
      for (let row = 0; row < starts.length; row++) {
        const start = ((before === undefined ? end : (before[row] as number)) + (starts[row] as number)) >>> 0
        end = (start + (ends[row] as number)) >>> 0
        starts[row] = start
        ends[row] = end
      }
      ranges.push({ bytes: known(buffers, bytes), starts, ends })
    }
    return ranges
  }

  #nulls(code: MaskCode): NullMask {
    return code === "none" ? noNulls(this.#head.rows) : this.#mask(code)
  }

  #mask(code: MaskCode): Bitmask {
    if (code === "none") return new Bitmask(this.#head.rows)
    const at = code === "all" ? -1 : code
    let mask = this.#masks.get(at)
    if (mask === undefined) {
      mask = code === "all" ? Bitmask.full(this.#head.rows) : this.#arrays.mask(code)
      this.#masks.set(at, mask)
    }
    return mask
  }

  #rowsOf(code: MaskCode): Set<number> {
    const rows = new Set<number>()
    if (code === "none") return rows
    const mask = this.#mask(code)
    for (let row = 0; row < this.#head.rows; row++) if (mask.has(row)) rows.add(row)
    return rows
  }

  #unjudged(codes: NonNullable<BatchHead["unjudged"]>): UnjudgedRows {
    const unjudged = new UnjudgedRows()
    for (const [rule, code] of codes) for (const row of this.#rowsOf(code)) unjudged.add(rule, row)
    return unjudged
  }

  #issues(): RowIssues {
    const table = new RowIssues()
    for (const [row, at] of this.#head.found) {
      if (!(row >= 0 && row < this.#head.rows)) throw new RangeError("an issue concerns a row that the batch does not have")
      table.add(row, known(this.#head.issues, at))
    }
    return table
  }
}

function known<V>(list: readonly V[], at: number): V {
  const each = list[at]
  if (each === undefined) throw new RangeError("an index is too large")
  return each
}
