import type { BenchLine } from "./line.ts"

/** How much is measured. */
export interface BenchSetting {
  /** At the sizes of the targets; else smaller where that says the same, to end within minutes. */
  readonly full: boolean
  /** Measurements of each side, of which the median counts. */
  readonly repeats: number
}

/** One target, or a few that come from the same measurement. */
export interface Bench {
  /** As `--only` names them: `P1`. */
  readonly ids: readonly string[]
  run(setting: BenchSetting): Promise<readonly BenchLine[]>
}
