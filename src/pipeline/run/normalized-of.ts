import type { Plan } from "../../contract/plan.ts"
import type { Sink } from "../../contract/sink.ts"
import type { NormalizedCells } from "../../model/normalized-cells.ts"
import type { DeliveryReport } from "../../model/run-report.ts"

/** For a report: what normalizing changed, without examples of columns that a sink hides. Nothing if no cell was changed. */
export function normalizedOf(
  { examined, columns }: NormalizedCells,
  plan: Plan,
  sinks: readonly Pick<Sink<never>, "hides">[],
): Pick<DeliveryReport, "normalized"> {
  const changed = Object.entries(columns)
  if (changed.length === 0) return {}
  const shown = changed.map(([name, { cells, examples }]) => {
    const isHidden = sinks.some((sink) => sink.hides?.(name, plan) === true)
    return [name, { cells, examples: isHidden ? [] : examples }] as const
  })
  return { normalized: { examined, columns: Object.fromEntries(shown) } }
}
