import type { Metric } from "../observe/metrics-target.ts"
import type { SweepReport } from "./sweep-report.ts"

/** The counts of a sweep that an alarm may watch. They are written even if they are 0, so that an alarm also notices when no sweep ends. */
export function sweepMetrics({ started, poisoned, followUpsFailed, failures }: SweepReport): readonly Metric[] {
  return [
    { name: "SweepStarted", unit: "Count", value: started },
    { name: "SweepPoisoned", unit: "Count", value: poisoned },
    { name: "SweepFollowUpsFailed", unit: "Count", value: followUpsFailed },
    { name: "SweepFailures", unit: "Count", value: failures.count },
  ]
}
