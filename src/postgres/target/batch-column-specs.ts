import { kindOfColumn } from "../../binding/kind-of-column.ts"
import { Plan } from "../../contract/plan.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { TableBatch } from "../../model/table-batch.ts"

/**
 * The columns of a pipeline that declares none: the kinds that the plan has learned, otherwise those of the first batch, which the plan then keeps. A
 * later batch may contradict them.
 */
export function batchColumnSpecs(batch: TableBatch<unknown>, plan: Plan = new Plan()): ColumnSpec[] {
  for (const name of batch.names) {
    const column = batch.column(name)
    plan.settleKind(name, () => (column === undefined ? null : kindOfColumn(column)))
  }
  const later = [...plan.kinds().keys()].filter((name) => !batch.names.includes(name))
  return [...batch.names, ...later].map((name) => ({ name, kind: plan.kinds().get(name) ?? "text", nullable: true }))
}
