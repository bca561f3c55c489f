import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Reject } from "../../model/reject.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { Connection, CopyIn } from "../connection/database.ts"
import { type DatabaseFault, faultOf } from "../connection/sink-error.ts"
import { binaryHeader, binaryTrailer } from "../encode/binary-row-encoder.ts"
import { binaryToTextLines } from "../encode/binary-to-text-lines.ts"
import type { ColumnFormat } from "../encode/column-format.ts"
import type { KeptBatches } from "../retain/kept-batches.ts"
import { TextStage } from "../stage/text-stage.ts"
import { intoSql, type Placement } from "../target/layout.ts"
import type { EncodedBatch } from "./batch-encoder.ts"
import { ByteLog } from "./byte-log.ts"
import { type CopyForm, copyOptions, type TextForm } from "./copy-options.ts"
import { LineMap } from "./line-map.ts"
import { copyContext, isCopyFault, isFoundLate, refusedRow, rowFault } from "./row-faults.ts"
import type { Savepoints } from "./savepoints.ts"
import { StagedRowMap } from "./staged-row-map.ts"

/** When this few savepoints are left, refused rows are no longer searched for one by one. */
const lastSavepoints = 8
/** A text that is short, or stored outside of its row, takes up to 32 bytes of an 8 kB page. A row of more columns may not fit as texts. */
const mostTextColumns = 250
/** Rows that COPY gathers before it writes them (`MAX_BUFFERED_TUPLES`). */
const gatheredRows = 1000

/** Where the lines go. */
export interface ChunkCopierOptions {
  readonly connection: Connection
  readonly savepoints: Savepoints
  /** Quoted. */
  readonly table: string
  readonly placed: readonly Placement[]
  /** Called for each refused row, with the batch that holds it; that batch has the `keptColumns`. */
  readonly refuse: (reject: Reject, batch: TableBatch<unknown>, row: number) => void
  /** Whether rows of the table may still be refused later, so that the source of every row must be known. */
  readonly remember: boolean
  /** Whether the table may leave rows out. Called if fewer rows arrived than were sent. Default: it may not. */
  readonly mayOmitRows?: (() => Promise<boolean>) | undefined
}

/**
 * Copies lines into one table, a chunk at a time, each chunk below a savepoint. If the server refuses a row, the chunk is undone and copied again
 * around that row. Once too few savepoints are left for that, the rest of the chunk and all later rows go to a staging table of texts
 * (`overflow`), where joins find the faults of all rows at once.
 */
export class ChunkCopier {
  readonly #options: ChunkCopierOptions
  readonly #formats: readonly ColumnFormat[]
  readonly #kept: KeptBatches
  readonly #memoryBytes: number
  readonly #onBinaryRefused: () => void
  readonly rowMap: StagedRowMap
  overflow: TextStage | undefined
  /** Rows that are in the table. */
  copied = 0
  /** Rows that the table left out. */
  omitted = 0
  /** The form of the chunk. */
  form: CopyForm = "text"
  #lines = new LineMap()
  #log: ByteLog
  #copy: CopyIn | undefined

  /** Keeps up to `memoryBytes` of a chunk in memory. Calls `onBinaryRefused` when it has to turn a chunk in binary form into text. */
  constructor(options: ChunkCopierOptions, kept: KeptBatches, memoryBytes: number, onBinaryRefused: () => void) {
    this.#options = options
    this.#formats = options.placed.map(({ target }) => target.format)
    this.#kept = kept
    this.#memoryBytes = memoryBytes
    this.#onBinaryRefused = onBinaryRefused
    this.#log = new ByteLog(memoryBytes)
    this.rowMap = new StagedRowMap(kept)
  }

  /** Bytes of the chunk. */
  get bytes(): number {
    return this.#log.length
  }

  /**
   * Sends a batch in the form of the chunk; `index` is its number among the kept batches. Resolves with whether that decided the chunk: the
   * server refused a row of it, and by now every row of the chunk is in the table, refused, or in `overflow`.
   */
  async send({ pieces }: EncodedBatch, index: number, live: Uint8Array): Promise<boolean> {
    this.#lines.add(index, live)
    if (this.overflow !== undefined) {
      await this.#sendToOverflow(this.overflow, pieces)
      return false
    }
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
    if (refused === undefined) return false
    await this.#recover(refused)
    return true
  }

  /** Ends the chunk. Resolves with whether there was one. */
  async end(): Promise<boolean> {
    if (this.#copy === undefined) return false
    try {
      if (this.form === "binary") this.#copy.write(binaryTrailer)
      const copied = await this.#copy.end()
      this.#copy = undefined
      await this.#recordCopied(0, this.#lines.lines, copied)
    } catch (error) {
      await this.#recover(error)
    }
    return true
  }

  /** Forgets the lines of a decided chunk. */
  async reset(): Promise<void> {
    await this.#log.clear()
    this.#lines = new LineMap()
  }

  async abandon(): Promise<void> {
    await this.#copy?.fail("the load was aborted")
    this.#copy = undefined
    await this.overflow?.abandon()
  }

  async #sendToOverflow(stage: TextStage, pieces: readonly Uint8Array[]): Promise<void> {
    const { form } = this
    if (form !== "binary") for (const piece of pieces) await stage.write(piece, form)
    else for await (const lines of binaryToTextLines(eachPiece(pieces), this.#formats)) await stage.write(lines, "marked")
    stage.rowMap.add(this.#lines, 0, this.#lines.lines)
    this.#lines = new LineMap()
  }

  /** Counts the lines from `from` up to before `to`, of which the server says that it copied `copied`. */
  async #recordCopied(from: number, to: number, copied: number): Promise<void> {
    const omitted = to - from - copied
    // A line that was read as two rows, or two lines that were read as one, would be a bug of the encoder: no load is better than a wrong one.
    if (omitted < 0 || (omitted > 0 && (await this.#options.mayOmitRows?.()) !== true)) throw miscounted(to - from, copied)
    await this.#options.savepoints.release()
    this.copied += copied
    this.omitted += omitted
    if (this.#options.remember) this.rowMap.add(this.#lines, from, to)
  }

  /** Undoes the chunk and copies it again around the rows that the server refuses. */
  async #recover(error: unknown): Promise<void> {
    this.#copy = undefined
    const fault = faultOf(error)
    if (!isCopyFault(fault)) throw error
    const { savepoints } = this.#options
    await savepoints.undo()
    const form = this.form === "binary" ? await this.#turnToText() : this.form
    this.form = form
    const ranges: LineRange[] = [{ from: 0, to: this.#lines.lines, fault }]
    for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
      if (range.from === range.to) continue
      if (savepoints.left <= lastSavepoints && this.#formats.length <= mostTextColumns) {
        await this.#moveToOverflow([...ranges, range].reverse(), form)
        break
      }
      const found = range.fault ?? (await this.#copyAgain(range))
      if (found !== undefined) ranges.push(...(await this.#splitAround(range, found)))
    }
  }

  async #turnToText(): Promise<TextForm> {
    this.#onBinaryRefused()
    const lines = new ByteLog(this.#memoryBytes)
    for await (const piece of binaryToTextLines(this.#log.all(), this.#formats)) await lines.add(piece)
    await this.#log.clear()
    this.#log = lines
    return "marked"
  }

  /** The ranges that are left of a range with a fault, the last one first. */
  async #splitAround({ from, to }: LineRange, fault: DatabaseFault): Promise<readonly LineRange[]> {
    const line = copyContext(fault)?.line
    const isOne = to - from === 1
    if (line !== undefined && !isOne && isFoundLate(fault)) {
      const end = Math.min(from + line, to)
      const start = Math.max(from, end - gatheredRows)
      return [{ from: end, to }, ...halves(start, end), { from, to: start }]
    }
    const bad = line === undefined || isOne ? from : from + line - 1
    // A check at the end of the statement, such as that of a foreign key, names no line.
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
    await this.#recordCopied(from, to, copied)
    return undefined
  }

  async #moveToOverflow(ranges: readonly LineRange[], form: TextForm): Promise<void> {
    const { connection, placed } = this.#options
    this.overflow ??= await TextStage.create(connection, placed, this.#kept)
    for (const { from, to } of ranges) {
      for await (const piece of this.#log.lines(from, to)) await this.overflow.write(piece, form)
      this.overflow.rowMap.add(this.#lines, from, to)
    }
  }

  #open(): CopyIn {
    const { connection, table, placed } = this.#options
    const copy = connection.copyIn(intoSql(table, placed), copyOptions(this.form))
    if (this.form === "binary") copy.write(binaryHeader)
    return copy
  }
}

/** Lines of a chunk, with the fault that the server found in them, if they were tried. */
interface LineRange {
  readonly from: number
  readonly to: number
  readonly fault?: DatabaseFault
}

/** The second half first. */
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
    message: `${sent} rows were sent to the database, but it copied ${arrived}. Nothing was loaded.`,
    remedy: "Report this with a file that shows it.",
  })
}

async function* eachPiece(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces
}
