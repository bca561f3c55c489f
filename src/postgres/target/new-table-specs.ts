import { kindOfColumn } from "../../binding/kind-of-column.ts"
import { Plan } from "../../contract/plan.ts"
import type { Column } from "../../model/column.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { TableBatch } from "../../model/table-batch.ts"

/** The most digits that `numeric(p, s)` may declare. */
const mostPrecision = 1000

/**
 * The columns of a pipeline that declares none: the kinds that the plan has learned, otherwise those of the first batch, which the plan then keeps. A
 * later batch may contradict them.
 */
function batchColumnSpecs(batch: TableBatch<unknown>, plan: Plan = new Plan()): ColumnSpec[] {
  for (const name of batch.names) {
    const column = batch.column(name)
    plan.settleKind(name, () => (column === undefined ? null : kindOfColumn(column)))
  }
  // Later tables of the file may have other columns.
  for (const name of plan.knownColumns()) plan.settleKind(name, () => null)
  const later = [...plan.kinds().keys()].filter((name) => !batch.names.includes(name))
  return [...batch.names, ...later].map((name) => ({ name, kind: plan.kinds().get(name) ?? "text", nullable: true }))
}

/**
 * The columns of a new table: those that the pipeline declares and those of the batch, in the order of the file, with the digits that the file
 * declares for decimals, which are decimals even if the pipeline declares no columns. Columns that the file lacks come last. An object of declared columns cannot keep that order: its keys that are whole numbers, such as years, come first.
 */
export function newTableSpecs(declared: readonly ColumnSpec[], batch: TableBatch<unknown>, plan: Plan = new Plan()): readonly ColumnSpec[] {
  const known = new Set(declared.map(({ name }) => name))
  const specs = [...declared, ...batchColumnSpecs(batch, plan).filter(({ name }) => !known.has(name))]
  const { header, decimals = [] } = batch.table
  const headers = new Map(plan.headers(batch.table.name))
  const headerOf = ({ name }: ColumnSpec) => headers.get(name) ?? name
  const positions = new Map(header.map((each, at) => [each, at]))
  const positionOf = (spec: ColumnSpec) => positions.get(headerOf(spec)) ?? positions.size
  return specs
    .sort((one, other) => positionOf(one) - positionOf(other))
    .map((spec) => {
      const found = decimals.find(({ column }) => column === headerOf(spec))
      const isDecimal =
        spec.kind === "decimal" ? spec.precision === undefined : !known.has(spec.name) && holdsDecimals(batch.column(spec.name))
      if (found === undefined || !isDecimal) return spec
      const { precision, scale } = found
      return precision > mostPrecision ? { ...spec, kind: "decimal" } : { ...spec, kind: "decimal", precision, scale }
    })
}

/** Whether a column that nothing declares still holds the texts that the file's decimals are read as: a stage may have replaced it. */
function holdsDecimals(column: Column<unknown> | undefined): boolean {
  if (column === undefined) return false
  if (column.nulls.count === column.length) return true
  if (column.kind !== "bytes" && column.kind !== "dictionary") return false
  for (let row = 0; row < column.length; row++) {
    const value = column.nulls.has(row) ? null : column.at(row)
    if (value !== null && !(typeof value === "string" && decimalText.test(value))) return false
  }
  return true
}

const decimalText = /^-?\d+(?:\.\d+)?$/
