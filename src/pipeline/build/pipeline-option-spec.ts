import { loggerKind } from "../../contract/part-kinds.ts"
import type { OptionSpec } from "../../options/option-kind.ts"
import { anyText, milliseconds, needed, number, oneOf, options, record, text, whole } from "../../options/option-kinds.ts"
import type { PipelineOptions, RejectBudget, RetryOptions, VolumeBounds } from "./pipeline-options.ts"

export const retryKind = options<RetryOptions>({ attempts: whole(1), delayMs: milliseconds(), maxDelayMs: milliseconds() })

/** What the options of `createPipeline` take. */
export const pipelineOptionSpec: OptionSpec<PipelineOptions> = {
  name: needed(text()),
  version: anyText(),
  logger: loggerKind(),
  batchRows: whole(1),
  concurrency: whole(1),
  budget: options<RejectBudget>({
    rows: whole(0),
    share: number(0, 1),
    codes: record(whole(0), "an object of whole numbers"),
    columns: record(whole(0), "an object of whole numbers"),
  }),
  volume: options<VolumeBounds>({ least: whole(0), most: whole(0), mostAgeHours: number(0) }),
  empty: oneOf("refuse", "allow"),
  retry: retryKind,
}
