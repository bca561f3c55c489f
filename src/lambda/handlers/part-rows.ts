import type { StagedParts } from "../../contract/sink.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { type FrameEntry, openPart, type PartIndex } from "../../parts/part-index.ts"
import type { AnyRow } from "../../pipeline/build/definition.ts"
import type { SettledParts } from "./merge-parts.ts"
import { readStoredPart } from "./read-stored-part.ts"
import type { OpenDelivery, Workshop } from "./workshop.ts"

/** The validated rows of a delivery, read from the processing storage when they are needed. */
export class PartsInStorage implements StagedParts {
  readonly #workshop: Workshop
  readonly #delivery: OpenDelivery
  readonly #merged: SettledParts
  readonly #signal: AbortSignal
  #opened: { readonly part: number; readonly index: PartIndex } | undefined
  #batch: { readonly part: number; readonly frame: FrameEntry; readonly batch: TableBatch<unknown> } | undefined

  constructor(workshop: Workshop, delivery: OpenDelivery, merged: SettledParts, signal: AbortSignal) {
    this.#workshop = workshop
    this.#delivery = delivery
    this.#merged = merged
    this.#signal = signal
  }

  get count(): number {
    return this.#merged.rounds.length
  }

  passing(part: number): number {
    return this.#merged.passing[part] ?? 0
  }

  /** The key of a part's last result. */
  keyOf(part: number): string {
    return this.#delivery.objects.round(this.#merged.rounds[part] ?? 0).validated(part)
  }

  async *batchesOf(part: number): AsyncGenerator<TableBatch<AnyRow>> {
    yield* readStoredPart(this.#workshop.processing, this.keyOf(part), this.#signal)
  }

  async *all(): AsyncGenerator<TableBatch<AnyRow>> {
    for (let part = 0; part < this.count; part++) yield* this.batchesOf(part)
  }

  async *rejected(): AsyncGenerator<TableBatch<AnyRow>> {
    const { processing } = this.#workshop
    for (let part = 0; part < this.count; part++) {
      if (this.#merged.rejected[part] === 0) continue
      const results = this.#delivery.objects.round(this.#merged.rounds[part] ?? 0)
      yield* readStoredPart(processing, results.rejects(part), this.#signal)
    }
  }

  async rowAt(part: number, row: number): Promise<{ readonly batch: TableBatch<unknown>; readonly row: number }> {
    const index = await this.#open(part)
    const frame = index.frameOf(row)
    if (frame === undefined) throw new RangeError(`part ${part} has ${index.rows} rows, so it has no row ${row}`)
    if (this.#batch?.part !== part || this.#batch.frame !== frame) this.#batch = { part, frame, batch: await index.batch(frame) }
    return { batch: this.#batch.batch, row: row - frame.firstRow }
  }

  async #open(part: number): Promise<PartIndex> {
    if (this.#opened?.part === part) return this.#opened.index
    const { processing } = this.#workshop
    const key = this.keyOf(part)
    const size = (await processing.stat(key))?.size ?? 0
    const index = await openPart({
      size,
      read: async (start, end) => {
        const chunks: Uint8Array[] = []
        for await (const chunk of processing.read(key, { start, end, signal: this.#signal })) chunks.push(chunk)
        return Buffer.concat(chunks)
      },
    })
    this.#opened = { part, index }
    return index
  }
}
