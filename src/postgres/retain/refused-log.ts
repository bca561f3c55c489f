import type { RefusedRows } from "../../contract/sink.ts"
import type { Reject } from "../../model/reject.ts"
import { type CellKinds, kindsOf, withKinds } from "../ledger/cell-kinds.ts"
import { SpillFile } from "./spill-file.ts"

/** How many rejects are kept in memory, and written to the file together. */
const sliceRows = 1_000

/** A reject in JSON, with the kinds of its cells. */
interface StoredLine extends Reject {
  readonly kinds?: CellKinds | undefined
}

/** Rows that the database refused, for the end of the load. If there are many, they move to a temporary file. */
export class RefusedLog implements RefusedRows, AsyncDisposable {
  #latest: Reject[] = []
  readonly #slices: { readonly at: number; readonly length: number }[] = []
  #spill: SpillFile | undefined
  length = 0

  add(reject: Reject): void {
    this.#latest.push(reject)
    this.length++
  }

  /** Moves what has piled up out of memory. Call it between batches, and not while rows are added. */
  async spillIfFull(): Promise<void> {
    if (this.#latest.length < sliceRows) return
    this.#spill ??= await SpillFile.create()
    const bytes = Buffer.from(JSON.stringify(this.#latest.map((reject): StoredLine => ({ ...reject, kinds: kindsOf(reject.raw) }))))
    const at = this.#spill.length
    await this.#spill.append(bytes)
    this.#slices.push({ at, length: bytes.length })
    this.#latest = []
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Reject, void, undefined> {
    for (const { at, length } of this.#slices) {
      if (this.#spill === undefined) throw new Error("the refused rows were read after the end of their load")
      const lines: readonly StoredLine[] = JSON.parse(Buffer.from(await this.#spill.readAt(at, length)).toString())
      for (const { kinds, ...reject } of lines) yield kinds === undefined ? reject : { ...reject, raw: withKinds(reject.raw, kinds) }
    }
    yield* this.#latest
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spill?.close()
    this.#spill = undefined
  }
}
