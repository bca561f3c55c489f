import type { Plan } from "../../contract/plan.ts"
import type { ColumnReport } from "../../model/column-report.ts"
import type { ColumnSpec } from "../../model/column-spec.ts"
import type { TableFacts } from "../../model/table-facts.ts"
import type { ColumnCounts } from "./column-counts.ts"

/** What a delivery knows about its columns. */
interface KnownColumns {
  readonly tables: readonly TableFacts[]
  readonly plan: Plan
  readonly counts: ColumnCounts
  /** The columns that the stages declare. */
  readonly declared: readonly ColumnSpec[]
}

/** The columns of a delivery: those of its file in the order of the file, and then those that no header matches. */
export function reportColumns({ tables, plan, counts, declared }: KnownColumns): readonly ColumnReport[] {
  const specs = new Map(declared.map((spec) => [spec.name, spec.kind]))
  const kinds = plan.kinds()
  const found: ColumnReport[] = []
  const reported = new Set<string>()
  const report = (header: string | null, name: string) => {
    if (reported.has(name)) return
    reported.add(name)
    const isKept = counts.names.has(name)
    const kind = isKept ? (specs.get(name) ?? kinds.get(name) ?? undefined) : undefined
    found.push({ header, name: isKept ? name : null, ...(kind === undefined ? {} : { kind }), ...counts.of(name) })
  }
  for (const { name: table, header } of tables) {
    const pairs = plan.headers(table)
    const nameOf = new Map(pairs.map(([name, bound]) => [bound, name]))
    const missing = new Set(pairs.flatMap(([name, bound]) => (bound === null ? [name] : [])))
    for (const own of header) if (!missing.has(own)) report(own, nameOf.get(own) ?? own)
  }
  const missing = new Set(plan.headers().flatMap(([name, bound]) => (bound === null ? [name] : [])))
  const hasHeader = tables.some(({ growing }) => growing === true)
  // Rows of JSON have columns that came after the first batch.
  for (const name of counts.names) report(hasHeader && !missing.has(name) && !specs.has(name) ? name : null, name)
  return found
}
