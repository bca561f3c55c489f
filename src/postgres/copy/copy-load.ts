import { setImmediate } from "node:timers/promises"
import type { Column } from "../../model/column.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { ColumnFormat } from "../encode/column-format.ts"
import { DuplicateKeyDetector } from "../merge/duplicate-key-detector.ts"
import type { KeptBatch } from "../retain/keep-batch.ts"
import { KeptBatches } from "../retain/kept-batches.ts"
import type { TextStage } from "../stage/text-stage.ts"
import { BatchEncoder, type EncodedBatch } from "./batch-encoder.ts"
import { ChunkCopier, type ChunkCopierOptions } from "./chunk-copier.ts"
import { refusedRow } from "./row-faults.ts"
import type { StagedRowMap } from "./staged-row-map.ts"

/** Bytes of a chunk. Memory holds that much of it; the rest of a larger chunk goes to a temporary file. */
const chunkBytes = 16 << 20
/** The first chunk is small, and each next one has twice its size: memory that is used again is faster than fresh pages. */
const firstChunkBytes = 4 << 20
/** The raw cells of a chunk and their ranges take about as much memory as its lines, but more if most rows of a batch were rejected before. */
const keptShare = 2
const keptBytes = 3 * chunkBytes
/** Bytes to encode while the server ends a chunk, which takes 0.1 s of a chunk's 0.5 s. They keep the server busy afterwards. */
const aheadBytes = 6 << 20
/** When this few savepoints are left, each chunk is twice as large as the last one, so that a file of any size can be loaded. */
const fewSavepoints = 28

/** The parts of a load by COPY. */
export interface CopyLoadOptions extends ChunkCopierOptions {
  readonly runId: string
  /** Row columns that `refuse` needs. Default: none. */
  readonly keptColumns?: readonly string[] | undefined
  /** Moves rejects out of memory. Await it between rows that are refused one after another. */
  readonly spillIfFull: () => Promise<void>
  /** Database columns that must not be null even if the table allows it: the key of a merge. */
  readonly key?: readonly string[] | undefined
}

/**
 * Loads rows of one layout into one table by COPY, in chunks. While the server takes one batch in, the next one is encoded; while it ends
 * a chunk, several are. Rows go in binary form as long as every value has one and no row is refused, and as text from then on.
 */
export class CopyLoad {
  readonly #options: CopyLoadOptions
  readonly #formats: readonly ColumnFormat[]
  readonly #encoder: BatchEncoder
  readonly #kept: KeptBatches
  readonly #copier: ChunkCopier
  /** Positions of the key's columns. */
  readonly #keyed: readonly number[]
  readonly duplicateKeys = new DuplicateKeyDetector()
  #ending: Promise<void> = Promise.resolve()
  #isEnding = false
  #waiting: WaitingBatch[] = []
  #waitingBytes = 0
  #limit = firstChunkBytes
  /** Buffers of the encoder that are full of rows of this chunk. */
  #full: Buffer[] = []

  constructor(options: CopyLoadOptions) {
    this.#options = options
    const { key = [], placed, keptColumns } = options
    this.#formats = placed.map(({ target }) => target.format)
    this.#encoder = new BatchEncoder(this.#formats)
    this.#kept = new KeptBatches(keptBytes, keptColumns)
    this.#copier = new ChunkCopier(options, this.#kept, chunkBytes, () => this.#encoder.avoidBinary())
    this.#keyed = placed.flatMap(({ target }, j) => (key.includes(target.name) ? [j] : []))
  }

  /** Rows that are in the table. */
  get copied(): number {
    return this.#copier.copied
  }

  /** Rows that the table left out. */
  get omitted(): number {
    return this.#copier.omitted
  }

  /** Rows that were neither copied nor refused yet, if the server refused too many. */
  get overflow(): TextStage | undefined {
    return this.#copier.overflow
  }

  /** The source of each row of the table, with `remember`. */
  get rowMap(): StagedRowMap {
    return this.#copier.rowMap
  }

  async write(batch: TableBatch<unknown>): Promise<void> {
    const { placed, runId } = this.#options
    const live = liveRows(batch)
    const columns = placed.map(({ columnOf }) => columnOf(batch, runId))
    this.#refuseNullKeys(batch, columns, live)
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
    // The lines of a chunk say when it is full, so a batch without a line would be kept for ever.
    if (live.includes(1)) {
      this.#waiting.push({ ...encoded, kept: this.#kept.copyOf(batch, live), live })
      this.#waitingBytes += encoded.bytes
    }
    await this.#sendWaiting()
  }

  /** Ends the COPY under way. Every row is then in the table, refused, or in `overflow`. */
  async finish(): Promise<void> {
    await this.#sendWaiting(-1)
    await this.#ending
    await this.#endChunk()
    await this.overflow?.pause()
  }

  async abandon(): Promise<void> {
    this.#waiting = []
    await this.#ending.catch(() => undefined)
    await this.#copier.abandon()
    await this.close()
  }

  async close(): Promise<void> {
    await this.#kept.clear()
    await this.#copier.reset()
  }

  #refuseNullKeys(batch: TableBatch<unknown>, columns: readonly Column<unknown>[], live: Uint8Array): void {
    for (const j of this.#keyed) {
      const nulls = columns[j]?.nulls
      if (nulls === undefined || nulls.count === 0) continue
      const column = this.#options.placed[j]?.source
      for (let row = 0; row < live.length; row++) {
        if (live[row] === 0 || !nulls.has(row)) continue
        live[row] = 0
        const message = `the key column ${column} is null, so the row could not be found again`
        this.#options.refuse(refusedRow(batch, row, [{ code: "postgres.key_null", message, column }]), batch, row)
      }
    }
  }

  /** Sends the encoded batches. While a chunk is being ended, up to `most` bytes stay for later. */
  async #sendWaiting(most = aheadBytes): Promise<void> {
    // Batches may arrive without a pause; let Node handle the server's answer in between.
    if (this.#isEnding) await setImmediate()
    while (this.#waiting.length > 0 && (!this.#isEnding || this.#waitingBytes > most)) {
      await this.#ending
      await this.#sendUntilFull()
    }
  }

  /** Sends batches until there are none left, or the chunk is full. */
  async #sendUntilFull(): Promise<void> {
    while (!this.#isEnding) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#waitingBytes -= next.bytes
      if (next.form !== this.#copier.form) await this.#endChunk()
      this.#copier.form = next.form
      this.#full.push(...next.full)
      const isDecided = await this.#copier.send(next, await this.#kept.add(next.kept), next.live)
      if (isDecided) await this.#beginNextChunk()
      if (this.#isFull) this.#endInBackground()
    }
  }

  /** Where few rows of each batch pass, raw cells fill memory long before the lines do. */
  get #isFull(): boolean {
    if (this.#copier.bytes >= this.#limit) return true
    return this.#forgetsBatches && this.#kept.bytes >= keptShare * this.#limit
  }

  get #forgetsBatches(): boolean {
    return !this.#options.remember && this.overflow === undefined
  }

  /** Ends the chunk while the next batches are encoded, and then sends them at once: the server is idle until the next chunk begins. */
  #endInBackground(): void {
    this.#isEnding = true
    this.#ending = this.#endChunk()
      .finally(() => {
        this.#isEnding = false
      })
      .then(() => this.#sendUntilFull())
    // The next call awaits it and gets the error; until then the rejection must not count as unhandled.
    this.#ending.catch(() => undefined)
  }

  async #endChunk(): Promise<void> {
    if (await this.#copier.end()) await this.#beginNextChunk()
  }

  async #beginNextChunk(): Promise<void> {
    await this.#copier.reset()
    // The overflow may still have to send the lines in these buffers.
    if (this.overflow === undefined) this.#encoder.reuse(this.#full)
    this.#full = []
    if (this.#forgetsBatches) await this.#kept.clear()
    if (this.#limit < chunkBytes || this.#options.savepoints.left < fewSavepoints) this.#limit *= 2
  }
}

/** A batch that is encoded but not sent yet. */
interface WaitingBatch extends EncodedBatch {
  readonly kept: KeptBatch
  /** 1 for each row that was encoded. */
  readonly live: Uint8Array
}

/** 1 for each passing row. */
function liveRows({ length, selection }: TableBatch<unknown>): Uint8Array {
  if (selection.size === length) return new Uint8Array(length).fill(1)
  const live = new Uint8Array(length)
  for (const row of selection) live[row] = 1
  return live
}
