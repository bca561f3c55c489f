import type { RefusedRows } from "../../contract/sink.ts"
import type { Reject } from "../../model/reject.ts"
import { type CellKinds, kindsOf, withKinds } from "../ledger/cell-kinds.ts"
import { SpillFile } from "./spill-file.ts"

/** Rejects that are kept in memory, and that lie together in the file. */
const sliceRows = 1_000

/** What JSON makes of a reject, with the kinds of its cells beside it. */
interface StoredLine extends Reject {
  readonly kinds?: CellKinds | undefined
}

/** Rows that the database refused, for whoever asks at the end of the load; beyond some they wait in a temporary file. */
export class RefusedLog implements RefusedRows, AsyncDisposable {
  #latest: Reject[] = []
  readonly #slices: { readonly at: number; readonly length: number }[] = []
  #spill: SpillFile | undefined
  length = 0

  add(reject: Reject): void {
    this.#latest.push(reject)
    this.length++
  }

  /** To be called now and then, and not while rows are added: moves what has piled up out of memory. */
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
      if (this.#spill === undefined) throw new Error("the refused rows were walked after their load was over")
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
