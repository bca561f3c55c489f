import type { OptionSpec } from "../../options/option-kind.ts"
import { abortSignal, callback, flag, instant } from "../../options/option-kinds.ts"
import { weightsKind } from "../../score/score-option-spec.ts"
import { retryKind } from "../build/pipeline-option-spec.ts"
import { inputKind } from "../build/source-of.ts"
import type { BatchesOptions, RunOptions } from "./run-options.ts"

/** What the options of `run`, `plan` and `rows` take. */
export const runOptionSpec: OptionSpec<RunOptions> = {
  source: inputKind(),
  reload: flag(),
  retry: retryKind,
  signal: abortSignal(),
  asOf: instant(),
  weights: weightsKind,
  explain: flag(),
  onProgress: callback(),
  onDelivery: callback(),
}

/** What the options of `batches` take. */
export const batchesOptionSpec: OptionSpec<BatchesOptions> = { ...runOptionSpec, reuse: flag() }
