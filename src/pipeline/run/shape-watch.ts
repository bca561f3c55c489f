import { kindOfColumn } from "../../binding/kind-of-column.ts"
import type { Plan } from "../../contract/plan.ts"
import type { TableBatch } from "../../model/table-batch.ts"

/** Finds columns that first appear in later batches, and cells that do not fit the kind of the column that a sink made for them. */
export class ShapeWatch {
  readonly #plan: Plan
  readonly #names = new Map<string, ReadonlySet<string>>()

  constructor(plan: Plan) {
    this.#plan = plan
  }

  add(batch: TableBatch): void {
    if (!this.#plan.isRevisable) return
    const known = this.#names.get(batch.table.name)
    if (known?.size !== batch.names.length) {
      this.#names.set(batch.table.name, new Set([...(known ?? []), ...batch.names]))
      if (known !== undefined && batch.names.some((name) => !known.has(name))) this.#plan.contradict()
    }
    if (this.#plan.kinds().size > 0) this.#watchKinds(batch)
  }

  #watchKinds(batch: TableBatch): void {
    // Keep the known kinds too: the sink asks for the columns that it made before it meets a late one.
    const learned = new Map([...this.#plan.kinds(), ...Object.entries(this.#plan.lessons.kinds ?? {})])
    let isWrong = false
    for (const name of batch.names) {
      const column = batch.column(name)
      const kind = column === undefined ? null : kindOfColumn(column)
      const settled = learned.get(name) ?? null
      // Text holds values of any kind.
      if (kind === null || kind === settled || settled === "text") continue
      learned.set(name, settled === null ? kind : "text")
      isWrong = true
    }
    if (isWrong) this.#plan.contradict({ kinds: Object.fromEntries(learned) })
  }
}
