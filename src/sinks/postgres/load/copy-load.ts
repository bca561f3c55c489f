import type { Column } from "../../../model/column.ts"
import type { Reject } from "../../../model/reject.ts"
import type { TableBatch } from "../../../model/table-batch.ts"
import type { Connection, CopyIn } from "../database.ts"
import { RowEncoder } from "../encode/row-encoder.ts"
import { type DatabaseFault, faultOf, isRowFault } from "../sink-error.ts"
import { intoSql, type Placement } from "../target/layout.ts"
import { ByteLog } from "./byte-log.ts"
import { copyOptions } from "./copy-options.ts"
import { KeptBatches } from "./kept-batches.ts"
import { KeyWatch } from "./key-watch.ts"
import { LineMap } from "./line-map.ts"
import { copyContext, refusal, rowFault } from "./row-faults.ts"
import { RowSections } from "./row-sections.ts"
import type { Savepoints } from "./savepoints.ts"
import { TextStage } from "./text-stage.ts"

const bufferBytes = 1 << 20
/** Buffers that wait to be used again: a chunk's. */
const mostFree = 16
/** Lines of one COPY, which are kept until they are in. Memory takes that much, a temporary file what a larger chunk has beyond. */
const chunkBytes = 16 << 20
/** Raw cells of a chunk, with their ranges, take some twice its lines; a chunk of the usual size is not to wait for a file. */
const keptBytes = 4 * chunkBytes
/** Lines that are made while the server ends a chunk, which takes it long enough to run out of work after: 0.1 s of a chunk's 0.5 s. */
const aheadBytes = 6 << 20
/** Once so few savepoints are left, each chunk is twice as large as the last, so that no file is too large. */
const scarce = 28
/** Once so few are left, refused rows are no more looked for one by one. */
const reserve = 8

/** What a load by COPY is made of. */
export interface CopyLoadOptions {
  readonly connection: Connection
  readonly savepoints: Savepoints
  /** Quoted. */
  readonly table: string
  readonly placed: readonly Placement[]
  readonly runId: string
  readonly refuse: (reject: Reject) => void
  /** To be awaited where rows are refused one after another: moves what was said of them out of memory. */
  readonly relieve: () => Promise<void>
  /** Whether rows of the table may still be refused later, so that all of them have to be remembered. */
  readonly remember: boolean
  /** Database columns that must not be null, though the table would take it: the key of a merge. */
  readonly key?: readonly string[] | undefined
}

/**
 * Rows of one layout into one table by COPY, in chunks below a savepoint each. While the server takes one batch in, the next one is
 * encoded; while it ends a chunk, the next ones. A chunk in which a row is refused is undone and copied again around that row; when that happened too often, this chunk's
 * rest and all later rows go to a staging table of texts (`overflow`), where faults are found by the set.
 */
export class CopyLoad {
  readonly #options: CopyLoadOptions
  readonly #encoder: RowEncoder
  readonly #kept = new KeptBatches(keptBytes)
  readonly #log = new ByteLog(chunkBytes)
  /** Positions of the key's columns. */
  readonly #keyed: readonly number[]
  readonly sections: RowSections
  readonly watch = new KeyWatch()
  overflow: TextStage | undefined
  /** Rows that are in the table. */
  copied = 0
  #lines = new LineMap()
  #copy: CopyIn | undefined
  #ending: Promise<void> = Promise.resolve()
  #isEnding = false
  #ahead: EncodedBatch[] = []
  #bytesAhead = 0
  #limit = chunkBytes
  #marker = false
  #buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytes)
  #filled = 0
  /** Buffers whose lines are in, and those that are full of lines of this chunk: new ones would keep the collector busy. */
  #free: Buffer[] = []
  #full: Buffer[] = []

  constructor(options: CopyLoadOptions) {
    this.#options = options
    this.#encoder = new RowEncoder(options.placed.map(({ target }) => target.format))
    this.sections = new RowSections(this.#kept)
    const { key = [], placed } = options
    this.#keyed = placed.flatMap(({ target }, j) => (key.includes(target.name) ? [j] : []))
  }

  async write(batch: TableBatch<unknown>): Promise<void> {
    const { placed, runId, refuse } = this.#options
    const live = liveRows(batch)
    const columns = placed.map(({ take }) => take(batch, runId))
    this.#refuseKeyless(batch, columns, live)
    this.#encoder.begin(columns, live, (row, column, code, message) => {
      refuse(refusal(batch, row, [{ code, message, column: placed[column]?.source }]))
    })
    if (this.#keyed.length > 0 && !this.watch.repeated) {
      this.watch.add(
        this.#keyed.flatMap((j) => columns[j] ?? []),
        live,
      )
    }
    if (this.#encoder.needsMarker && !this.#marker) {
      await this.#endChunk()
      await this.overflow?.pause()
      this.#marker = true
    }
    const encoded = this.#encode(batch, live)
    this.#ahead.push(encoded)
    this.#bytesAhead += bytesOf(encoded)
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
        this.#options.refuse(refusal(batch, row, [{ code: "postgres.key_null", message, column }]))
      }
    }
  }

  #encode(batch: TableBatch<unknown>, live: Uint8Array): EncodedBatch {
    const pieces: Uint8Array[] = []
    const full: Buffer[] = []
    for (let whole = false; !whole; ) {
      const from = this.#filled
      whole = this.#encoder.encode(this.#buffer, from, this.#marker)
      this.#filled = this.#encoder.end
      if (this.#filled > from) pieces.push(this.#buffer.subarray(from, this.#filled))
      if (whole) break
      if (this.#buffer.length === bufferBytes) full.push(this.#buffer)
      const needed = this.#encoder.nextBytes
      this.#buffer = (needed <= bufferBytes ? this.#free.pop() : undefined) ?? Buffer.allocUnsafeSlow(Math.max(bufferBytes, needed))
      this.#filled = 0
    }
    return { batch, live, pieces, full }
  }

  /** Sends what is encoded, but while a chunk is being ended may leave so many bytes for later. */
  async #sendAhead(most = aheadBytes): Promise<void> {
    while (!this.#isEnding || this.#bytesAhead > most) {
      await this.#ending
      const next = this.#ahead.shift()
      if (next === undefined) return
      this.#bytesAhead -= bytesOf(next)
      this.#full.push(...next.full)
      this.#lines.add(await this.#kept.add(next.batch), next.live)
      await (this.overflow === undefined ? this.#send(next.pieces) : this.#sendAside(this.overflow, next.pieces))
    }
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
    if (refused !== undefined) {
      await this.#recover(refused)
      await this.#forget()
    } else if (this.#log.length >= this.#limit) {
      this.#isEnding = true
      this.#ending = this.#endNow().finally(() => {
        this.#isEnding = false
      })
      // Whoever comes next awaits it; until then a refusal must not count as unhandled.
      this.#ending.catch(() => undefined)
    }
  }

  /** Rows beyond the overflow. */
  async #sendAside(stage: TextStage, pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) await stage.write(piece, this.#marker)
    stage.sections.add(this.#lines, 0, this.#lines.lines)
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
      const copied = await this.#copy.end()
      this.#copy = undefined
      // A line that was two rows, or two that were one, would be a fault of the encoder: better no load than a wrong one.
      if (copied !== this.#lines.lines) throw new Error(`${this.#lines.lines} rows were sent and ${copied} arrived`)
      await this.#options.savepoints.release()
      this.#took(0, this.#lines.lines)
    } catch (error) {
      await this.#recover(error)
    }
    await this.#forget()
  }

  #took(from: number, to: number): void {
    this.copied += to - from
    if (this.#options.remember) this.sections.add(this.#lines, from, to)
  }

  /** The chunk is decided. */
  async #forget(): Promise<void> {
    await this.#log.clear()
    // Lines that were set aside may not be sent yet.
    if (this.overflow === undefined) this.#free.push(...this.#full.slice(0, mostFree - this.#free.length))
    this.#full = []
    this.#lines = new LineMap()
    if (!this.#options.remember && this.overflow === undefined) await this.#kept.clear()
    if (this.#options.savepoints.left < scarce) this.#limit *= 2
  }

  /** Undoes the chunk and copies it again around the rows that the server refuses. */
  async #recover(error: unknown): Promise<void> {
    this.#copy = undefined
    const fault = faultOf(error)
    if (!isRowFault(fault)) throw error
    const { savepoints } = this.#options
    await savepoints.undo()
    const ranges: Range[] = [{ from: 0, to: this.#lines.lines, fault }]
    for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
      if (range.from === range.to) continue
      if (savepoints.left <= reserve) {
        await this.#setAside([...ranges, range].reverse())
        break
      }
      const found = range.fault ?? (await this.#copyAgain(range))
      if (found !== undefined) ranges.push(...(await this.#around(range, found)))
    }
  }

  /** What is left of a range once a fault is known: the last range first. */
  async #around({ from, to }: Range, fault: DatabaseFault): Promise<readonly Range[]> {
    const line = copyContext(fault)?.line
    const bad = line === undefined ? from : from + line - 1
    if ((line === undefined && to - from > 1) || bad >= to) {
      // Checked at the end of the statement, as foreign keys are: no line is named.
      const middle = (from + to + 1) >> 1
      return [
        { from: middle, to },
        { from, to: middle },
      ]
    }
    const { batch, row } = this.#lines.at(bad)
    this.#options.refuse(refusal(await this.#kept.get(batch), row, [rowFault(fault, this.#options.placed)]))
    return [
      { from: bad + 1, to },
      { from, to: bad },
    ]
  }

  async #copyAgain({ from, to }: Range): Promise<DatabaseFault | undefined> {
    const { savepoints } = this.#options
    await savepoints.set()
    try {
      const copy = this.#open()
      for await (const piece of this.#log.lines(from, to)) {
        await copy.drained()
        copy.write(piece)
      }
      await copy.end()
    } catch (error) {
      const fault = faultOf(error)
      if (!isRowFault(fault)) throw error
      await savepoints.undo()
      return fault
    }
    await savepoints.release()
    this.#took(from, to)
    return undefined
  }

  /** The faults are too many: what is undecided goes where they are found by the set. */
  async #setAside(ranges: readonly Range[]): Promise<void> {
    const { connection, placed } = this.#options
    this.overflow ??= await TextStage.create(connection, placed, this.#kept)
    for (const { from, to } of ranges) {
      for await (const piece of this.#log.lines(from, to)) await this.overflow.write(piece, this.#marker)
      this.overflow.sections.add(this.#lines, from, to)
    }
  }

  #open(): CopyIn {
    const { connection, table, placed } = this.#options
    return connection.copyIn(intoSql(table, placed), copyOptions(this.#marker))
  }
}

/** The lines of a batch, before they are sent. */
interface EncodedBatch {
  readonly batch: TableBatch<unknown>
  /** 1 for each row that has a line. */
  readonly live: Uint8Array
  readonly pieces: readonly Uint8Array[]
  /** Buffers of this class that the pieces have filled, to be used again once the chunk that they go into is in. */
  readonly full: readonly Buffer[]
}

/** A stretch of lines, and what the server said of it, where it was asked. */
interface Range {
  readonly from: number
  readonly to: number
  readonly fault?: DatabaseFault
}

function bytesOf({ pieces }: EncodedBatch): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

/** 1 for each passing row. */
function liveRows({ length, selection }: TableBatch<unknown>): Uint8Array {
  if (selection.size === length) return new Uint8Array(length).fill(1)
  return Uint8Array.from({ length }, (_, row) => (selection.has(row) ? 1 : 0))
}
