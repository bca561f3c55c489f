import { setImmediate } from "node:timers/promises"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Column } from "../../model/column.ts"
import type { Reject } from "../../model/reject.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { Connection, CopyIn } from "../connection/database.ts"
import { type DatabaseFault, faultOf } from "../connection/sink-error.ts"
import { binaryHeader, binaryTrailer } from "../encode/binary-row-encoder.ts"
import { binaryToTextLines } from "../encode/binary-to-text-lines.ts"
import type { ColumnFormat } from "../encode/column-format.ts"
import { DuplicateKeyDetector } from "../merge/duplicate-key-detector.ts"
import type { KeptBatch } from "../retain/keep-batch.ts"
import { KeptBatches } from "../retain/kept-batches.ts"
import { TextStage } from "../stage/text-stage.ts"
import { intoSql, type Placement } from "../target/layout.ts"
import { BatchEncoder, type EncodedBatch } from "./batch-encoder.ts"
import { ByteLog } from "./byte-log.ts"
import { type CopyForm, copyOptions, type TextForm } from "./copy-options.ts"
import { LineMap } from "./line-map.ts"
import { copyContext, isCopyFault, isFoundLate, refusedRow, rowFault } from "./row-faults.ts"
import type { Savepoints } from "./savepoints.ts"
import { StagedRowMap } from "./staged-row-map.ts"

/** Lines of one COPY, which are kept until they are in. Memory takes that much, a temporary file what a larger chunk has beyond. */
const chunkBytes = 16 << 20
/** The first chunk's, each next one having twice as many: soon there is memory that is used again, and fresh pages are slow. */
const firstChunkBytes = 4 << 20
/** Raw cells of a chunk, with their ranges, take about as much as its lines. They take more where most rows of a batch were rejected before. */
const keptShare = 2
const keptBytes = 3 * chunkBytes
/** Lines that are made while the server ends a chunk, which takes it long enough to run out of work after: 0.1 s of a chunk's 0.5 s. */
const aheadBytes = 6 << 20
/** Once so few savepoints are left, each chunk is twice as large as the last, so that no file is too large. */
const fewSavepoints = 28
/** Once so few are left, refused rows are no more looked for one by one. */
const lastSavepoints = 8
/** Texts that are short, or moved out of their row, take up to 32 bytes of a page of 8 kB. A row of more columns need not fit as texts. */
const mostTextColumns = 250
/** Rows that COPY gathers before it writes them (`MAX_BUFFERED_TUPLES`). */
const gatheredRows = 1000

/** What a load by COPY is made of. */
export interface CopyLoadOptions {
  readonly connection: Connection
  readonly savepoints: Savepoints
  /** Quoted. */
  readonly table: string
  readonly placed: readonly Placement[]
  readonly runId: string
  /** Told of each row that is refused, with the batch that it stands in: there it has the `keptColumns`. */
  readonly refuse: (reject: Reject, batch: TableBatch<unknown>, row: number) => void
  /** Row columns that `refuse` needs. Default: none. */
  readonly keptColumns?: readonly string[] | undefined
  /** To be awaited where rows are refused one after another: moves what was said of them out of memory. */
  readonly spillIfFull: () => Promise<void>
  /** Whether rows of the table may still be refused later, so that all of them have to be remembered. */
  readonly remember: boolean
  /** Database columns that must not be null, though the table would take it: the key of a merge. */
  readonly key?: readonly string[] | undefined
  /** Asked where fewer rows came in than were sent: whether the table may leave rows out. Default: it takes what it does not refuse. */
  readonly mayOmitRows?: (() => Promise<boolean>) | undefined
}

/**
 * Rows of one layout into one table by COPY, in chunks below a savepoint each. While the server takes one batch in, the next one is
 * encoded; while it ends a chunk, the next ones. A chunk in which a row is refused is undone and copied again around that row; when that
 * happened too often, this chunk's rest and all later rows go to a staging table of texts (`overflow`), where faults are found by the set.
 *
 * Rows go in binary form as long as all values have one and no row is refused, and as text from then on: text can be set aside as it is.
 */
export class CopyLoad {
  readonly #options: CopyLoadOptions
  readonly #formats: readonly ColumnFormat[]
  readonly #encoder: BatchEncoder
  readonly #kept: KeptBatches
  /** Positions of the key's columns. */
  readonly #keyed: readonly number[]
  readonly rowMap: StagedRowMap
  readonly duplicateKeys = new DuplicateKeyDetector()
  overflow: TextStage | undefined
  /** Rows that are in the table. */
  copied = 0
  /** Rows that the table has left out. */
  omitted = 0
  #lines = new LineMap()
  #log = new ByteLog(chunkBytes)
  #copy: CopyIn | undefined
  /** Of the chunk. */
  #form: CopyForm = "text"
  #ending: Promise<void> = Promise.resolve()
  #isEnding = false
  #ahead: WaitingBatch[] = []
  #bytesAhead = 0
  #limit = firstChunkBytes
  /** Buffers of the encoder that are full of rows of this chunk. */
  #full: Buffer[] = []

  constructor(options: CopyLoadOptions) {
    this.#options = options
    this.#formats = options.placed.map(({ target }) => target.format)
    this.#encoder = new BatchEncoder(this.#formats)
    this.#kept = new KeptBatches(keptBytes, options.keptColumns)
    this.rowMap = new StagedRowMap(this.#kept)
    const { key = [], placed } = options
    this.#keyed = placed.flatMap(({ target }, j) => (key.includes(target.name) ? [j] : []))
  }

  async write(batch: TableBatch<unknown>): Promise<void> {
    const { placed, runId } = this.#options
    const live = liveRows(batch)
    const columns = placed.map(({ columnOf: take }) => take(batch, runId))
    this.#refuseKeyless(batch, columns, live)
    const encoded = this.#encoder.encode(columns, live, (row, column, code, message) => {
      this.#options.refuse(refusedRow(batch, row, [{ code, message, column: placed[column]?.source }]), batch, row)
    })
    if (this.#keyed.length > 0 && !this.duplicateKeys.repeated) {
      this.duplicateKeys.add(
        this.#keyed.flatMap((j) => columns[j] ?? []),
        this.#keyed.flatMap((j) => this.#formats[j] ?? []),
        live,
      )
    }
    const { form, pieces, full, bytes } = encoded
    // A chunk is full by its lines: batches without any would be kept for ever.
    if (!live.includes(1)) return this.#sendAhead()
    this.#ahead.push({ form, pieces, full, bytes, kept: this.#kept.copyOf(batch, live), live })
    this.#bytesAhead += bytes
    await this.#sendAhead()
  }

  /** Ends the COPY under way. Every row is then in, refused, or in `overflow`. */
  async finish(): Promise<void> {
    await this.#endChunk()
    await this.overflow?.pause()
  }

  /** The rows that are refused for faults found later are told to `refuse` by the caller. */
  async abandon(): Promise<void> {
    this.#ahead = []
    await this.#ending.catch(() => undefined)
    await this.#copy?.fail("the load was called off")
    this.#copy = undefined
    await this.overflow?.abandon()
    await this.close()
  }

  async close(): Promise<void> {
    await this.#kept.clear()
    await this.#log.clear()
  }

  #refuseKeyless(batch: TableBatch<unknown>, columns: readonly Column<unknown>[], live: Uint8Array): void {
    for (const j of this.#keyed) {
      const nulls = columns[j]?.nulls
      if (nulls === undefined || nulls.count === 0) continue
      const column = this.#options.placed[j]?.source
      for (let row = 0; row < live.length; row++) {
        if (live[row] === 0 || !nulls.has(row)) continue
        live[row] = 0
        const message = `the key column ${column} is null, and a row without a key cannot be found again`
        this.#options.refuse(refusedRow(batch, row, [{ code: "postgres.key_null", message, column }]), batch, row)
      }
    }
  }

  /** Sends what is encoded, but while a chunk is being ended may leave so many bytes for later. */
  async #sendAhead(most = aheadBytes): Promise<void> {
    // Batches may come without waiting for anything; the server's answer must have its turn.
    if (this.#isEnding) await setImmediate()
    while (this.#ahead.length > 0 && (!this.#isEnding || this.#bytesAhead > most)) {
      await this.#ending
      await this.#sendAll()
    }
  }

  /** Sends batches until there is none, or a chunk is full. */
  async #sendAll(): Promise<void> {
    while (!this.#isEnding) {
      const next = this.#ahead.shift()
      if (next === undefined) return
      this.#bytesAhead -= next.bytes
      if (next.form !== this.#form) await this.#endNow()
      this.#form = next.form
      this.#full.push(...next.full)
      this.#lines.add(await this.#kept.add(next.kept), next.live)
      await (this.overflow === undefined ? this.#send(next.pieces) : this.#sendAside(this.overflow, next))
      if (this.#isFull) this.#endMeanwhile()
    }
  }

  /** Cells of batches of which few rows pass would fill memory long before their lines do. */
  get #isFull(): boolean {
    if (this.#log.length >= this.#limit) return true
    const forgets = !this.#options.remember && this.overflow === undefined
    return forgets && this.#kept.bytes >= keptShare * this.#limit
  }

  /** Ends the chunk while the next batches are made, and goes on at once: the server has nothing to do until the next chunk begins. */
  #endMeanwhile(): void {
    this.#isEnding = true
    this.#ending = this.#endNow()
      .finally(() => {
        this.#isEnding = false
      })
      .then(() => this.#sendAll())
    // Whoever comes next awaits it; until then a refusal must not count as unhandled.
    this.#ending.catch(() => undefined)
  }

  async #send(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#copy === undefined) {
      await this.#options.savepoints.set()
      this.#copy = this.#open()
    }
    let refused: unknown
    for (const piece of pieces) {
      await this.#log.add(piece)
      if (refused !== undefined) continue
      try {
        await this.#copy.drained()
        this.#copy.write(piece)
      } catch (error) {
        refused = error
      }
    }
    if (refused === undefined) return
    await this.#recover(refused)
    await this.#forget()
  }

  /** Rows beyond the overflow. */
  async #sendAside(stage: TextStage, { form, pieces }: EncodedBatch): Promise<void> {
    if (form !== "binary") for (const piece of pieces) await stage.write(piece, form)
    else for await (const lines of binaryToTextLines(eachPiece(pieces), this.#formats)) await stage.write(lines, "marked")
    stage.rowMap.add(this.#lines, 0, this.#lines.lines)
    this.#lines = new LineMap()
  }

  async #endChunk(): Promise<void> {
    await this.#sendAhead(-1)
    await this.#ending
    await this.#endNow()
  }

  async #endNow(): Promise<void> {
    if (this.#copy === undefined) return
    try {
      if (this.#form === "binary") this.#copy.write(binaryTrailer)
      const copied = await this.#copy.end()
      this.#copy = undefined
      await this.#took(0, this.#lines.lines, copied)
    } catch (error) {
      await this.#recover(error)
    }
    await this.#forget()
  }

  /** Lines up to before `to` are in; `copied` is what the server says of them. */
  async #took(from: number, to: number, copied: number): Promise<void> {
    const leftOut = to - from - copied
    // A line that was two rows, or two that were one, would be a fault of the encoder: better no load than a wrong one.
    if (leftOut < 0 || (leftOut > 0 && (await this.#options.mayOmitRows?.()) !== true)) throw miscounted(to - from, copied)
    await this.#options.savepoints.release()
    this.copied += copied
    this.omitted += leftOut
    if (this.#options.remember) this.rowMap.add(this.#lines, from, to)
  }

  /** The chunk is decided. */
  async #forget(): Promise<void> {
    await this.#log.clear()
    // Lines that were set aside may not be sent yet.
    if (this.overflow === undefined) this.#encoder.reuse(this.#full)
    this.#full = []
    this.#lines = new LineMap()
    if (!this.#options.remember && this.overflow === undefined) await this.#kept.clear()
    if (this.#limit < chunkBytes || this.#options.savepoints.left < fewSavepoints) this.#limit *= 2
  }

  /** Undoes the chunk and copies it again around the rows that the server refuses. */
  async #recover(error: unknown): Promise<void> {
    this.#copy = undefined
    const fault = faultOf(error)
    if (!isCopyFault(fault)) throw error
    const { savepoints } = this.#options
    await savepoints.undo()
    const form = this.#form === "binary" ? await this.#turnToText() : this.#form
    this.#form = form
    const ranges: LineRange[] = [{ from: 0, to: this.#lines.lines, fault }]
    for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
      if (range.from === range.to) continue
      if (savepoints.left <= lastSavepoints && this.#formats.length <= mostTextColumns) {
        await this.#setAside([...ranges, range].reverse(), form)
        break
      }
      const found = range.fault ?? (await this.#copyAgain(range))
      if (found !== undefined) ranges.push(...(await this.#around(range, found)))
    }
  }

  /** Rows that were sent in binary form as lines of text, by which the load goes on. */
  async #turnToText(): Promise<TextForm> {
    this.#encoder.avoidBinary()
    const lines = new ByteLog(chunkBytes)
    for await (const piece of binaryToTextLines(this.#log.all(), this.#formats)) await lines.add(piece)
    await this.#log.clear()
    this.#log = lines
    return "marked"
  }

  /** What is left of a range once a fault is known: the last range first. */
  async #around({ from, to }: LineRange, fault: DatabaseFault): Promise<readonly LineRange[]> {
    const line = copyContext(fault)?.line
    const isOne = to - from === 1
    if (line !== undefined && !isOne && isFoundLate(fault)) {
      const end = Math.min(from + line, to)
      const start = Math.max(from, end - gatheredRows)
      return [{ from: end, to }, ...halves(start, end), { from, to: start }]
    }
    const bad = line === undefined || isOne ? from : from + line - 1
    // Checked at the end of the statement, as foreign keys are: no line is named.
    if ((line === undefined && !isOne) || bad >= to) return halves(from, to)
    const { batch, row } = this.#lines.rowAt(bad)
    const kept = await this.#kept.get(batch)
    this.#options.refuse(refusedRow(kept, row, [rowFault(fault, this.#options.placed)]), kept, row)
    return [
      { from: bad + 1, to },
      { from, to: bad },
    ]
  }

  async #copyAgain({ from, to }: LineRange): Promise<DatabaseFault | undefined> {
    const { savepoints } = this.#options
    await savepoints.set()
    let copied: number
    try {
      const copy = this.#open()
      for await (const piece of this.#log.lines(from, to)) {
        await copy.drained()
        copy.write(piece)
      }
      copied = await copy.end()
    } catch (error) {
      const fault = faultOf(error)
      if (!isCopyFault(fault)) throw error
      await savepoints.undo()
      return fault
    }
    await this.#took(from, to, copied)
    return undefined
  }

  /** The faults are too many: what is undecided goes where they are found by the set. */
  async #setAside(ranges: readonly LineRange[], form: TextForm): Promise<void> {
    const { connection, placed } = this.#options
    this.overflow ??= await TextStage.create(connection, placed, this.#kept)
    for (const { from, to } of ranges) {
      for await (const piece of this.#log.lines(from, to)) await this.overflow.write(piece, form)
      this.overflow.rowMap.add(this.#lines, from, to)
    }
  }

  #open(): CopyIn {
    const { connection, table, placed } = this.#options
    const copy = connection.copyIn(intoSql(table, placed), copyOptions(this.#form))
    if (this.#form === "binary") copy.write(binaryHeader)
    return copy
  }
}

/** A batch that is encoded and not sent yet. */
interface WaitingBatch extends EncodedBatch {
  readonly kept: KeptBatch
  /** 1 for each row that was written. */
  readonly live: Uint8Array
}

/** A stretch of lines, and what the server said of it, where it was asked. */
interface LineRange {
  readonly from: number
  readonly to: number
  readonly fault?: DatabaseFault
}

/** The second one first. */
function halves(from: number, to: number): readonly LineRange[] {
  const middle = (from + to + 1) >> 1
  return [
    { from: middle, to },
    { from, to: middle },
  ]
}

function miscounted(sent: number, arrived: number): RowgateError {
  return new RowgateError({
    code: "INTERNAL",
    message: `${sent} rows were sent and ${arrived} arrived`,
    remedy: "Nothing was loaded. Report it with a file that shows it.",
  })
}

async function* eachPiece(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces
}

/** 1 for each passing row. */
function liveRows({ length, selection }: TableBatch<unknown>): Uint8Array {
  if (selection.size === length) return new Uint8Array(length).fill(1)
  const live = new Uint8Array(length)
  for (const row of selection) live[row] = 1
  return live
}
