import type { BenchLine } from "./line.ts"

/** How much to measure. */
export interface BenchSetting {
  /** Whether to use the sizes of the targets, or smaller ones if they give the same result, to finish within minutes. */
  readonly full: boolean
  /** How often each side is measured. The median counts. */
  readonly repeats: number
}

/** One target, or several that one measurement gives. */
export interface Bench {
  /** The names for `--only`: `P1`. */
  readonly ids: readonly string[]
  run(setting: BenchSetting): Promise<readonly BenchLine[]>
}
