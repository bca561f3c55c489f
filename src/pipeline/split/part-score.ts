import { kindOfColumn } from "../../binding/kind-of-column.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import { Tally } from "../../score/tally.ts"
import type { Definition } from "../build/definition.ts"
import { type CountsJson, DeliveryCounts } from "../run/delivery-counts.ts"
import { DeliveryTables } from "../run/delivery-tables.ts"
import { type RunWeights, scoring } from "../run/scoring.ts"

type Kind = ColumnSpec["kind"]

/** What is known about a part, or several, after validation. Plain JSON. */
export interface PartScore {
  readonly counts: CountsJson
  readonly tally: ReturnType<Tally["toJSON"]>
  readonly tables: readonly TableFacts[]
  /** The kind that the cells of each column have; null if there is none with a value. */
  readonly kinds: readonly (readonly [column: string, kind: Kind | null])[]
}

/** Adds up scores in the order of the file. */
export class ScoreSum {
  readonly counts = new DeliveryCounts()
  readonly tally = new Tally()
  readonly tables = new DeliveryTables()
  readonly #kinds = new Map<string, Kind | null>()

  add({ counts, tally, tables, kinds }: PartScore): void {
    this.counts.merge(counts)
    this.tally.merge(Tally.fromJSON(tally))
    for (const table of tables) this.tables.add({ table })
    for (const [column, kind] of kinds) this.addKind(column, kind)
  }

  /** Text holds values of any kind. */
  addKind(column: string, kind: Kind | null): void {
    const known = this.#kinds.get(column) ?? null
    this.#kinds.set(column, known === null || kind === known ? kind : kind === null ? known : "text")
  }

  toJSON(): PartScore {
    const { counts, tally, tables } = this
    return { counts: counts.toJSON(), tally: tally.toJSON(), tables: tables.all, kinds: [...this.#kinds] }
  }
}

/** Scores the validated batches of a part. */
export async function scorePart(
  definition: Definition,
  batches: AsyncIterable<TableBatch>,
  { asOf, weights }: { readonly asOf: Date; readonly weights: RunWeights },
): Promise<PartScore> {
  const sum = new ScoreSum()
  const { scorer } = scoring(definition, weights, asOf)
  for await (const batch of batches) {
    scorer.add(batch)
    sum.counts.add(batch)
    sum.tables.add(batch)
    batch.names.forEach((name, at) => {
      const column = batch.shape.columns[at]
      sum.addKind(name, column === undefined ? null : kindOfColumn(column))
    })
  }
  sum.tally.merge(scorer.tally)
  return sum.toJSON()
}
