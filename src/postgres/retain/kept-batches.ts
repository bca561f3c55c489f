import type { TableBatch } from "../../model/table-batch.ts"
import { decodeBatch } from "../../parts/decode-batch.ts"
import { encodeBatch } from "../../parts/encode-batch.ts"
import { BlockPool } from "./block-pool.ts"
import { type KeptBatch, keepBatch } from "./keep-batch.ts"
import { SpillFile } from "./spill-file.ts"

/** The position of a batch in the file. */
interface Place {
  readonly at: number
  readonly length: number
}

/** Batches whose rows may still be refused. If they take too much memory, they move to a temporary file. */
export class KeptBatches implements AsyncDisposable {
  readonly #memoryBytes: number
  readonly #kept: readonly string[]
  readonly #pool = new BlockPool()
  #batches: (KeptBatch | Place)[] = []
  #bytes = 0
  #spill: SpillFile | undefined
  #last: { readonly index: number; readonly batch: TableBatch<unknown> } | undefined

  /** `kept` names columns of the rows to keep besides their raw cells. */
  constructor(memoryBytes: number, kept: readonly string[] = []) {
    this.#memoryBytes = memoryBytes
    this.#kept = kept
  }

  /** About how much memory they take, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Copies what must be kept of a batch, because its reader may reuse it before it is added. */
  copyOf(batch: TableBatch<unknown>, live: Uint8Array): KeptBatch {
    return keepBatch(batch, live, this.#kept, this.#pool)
  }

  /** Keeps a batch and resolves with its number. */
  async add(kept: KeptBatch): Promise<number> {
    this.#bytes += kept.bytes
    const index = this.#batches.push(kept) - 1
    if (this.#bytes > this.#memoryBytes) await this.#moveToFile()
    return index
  }

  async get(index: number): Promise<TableBatch<unknown>> {
    const kept = this.#batches[index]
    if (kept === undefined) throw new Error(`the batch ${index} was not kept`)
    if ("batch" in kept) return kept.batch
    if (this.#last?.index === index) return this.#last.batch
    if (this.#spill === undefined) throw new Error("the spill file is closed")
    const batch = decodeBatch(await this.#spill.readAt(kept.at, kept.length))
    this.#last = { index, batch }
    return batch
  }

  /** Forgets all batches, once none of their rows can be refused any more. */
  async clear(): Promise<void> {
    for (const kept of this.#batches) this.#giveBack(kept)
    this.#batches = []
    this.#bytes = 0
    this.#last = undefined
    await this.#spill?.close()
    this.#spill = undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.clear()
  }

  async #moveToFile(): Promise<void> {
    this.#spill ??= await SpillFile.create()
    for (const [index, kept] of this.#batches.entries()) {
      if (!("batch" in kept)) continue
      const at = this.#spill.length
      await this.#spill.append(encodeBatch(kept.batch, "text"))
      this.#batches[index] = { at, length: this.#spill.length - at }
      this.#giveBack(kept)
    }
    this.#bytes = 0
  }

  #giveBack(kept: KeptBatch | Place): void {
    if ("batch" in kept && kept.block !== undefined) this.#pool.give(kept.block)
  }
}
