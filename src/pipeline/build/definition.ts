import type { Context } from "../../contract/context.ts"
import type { Correction } from "../../contract/delivery.ts"
import type { Parser } from "../../contract/parser.ts"
import type { Sink } from "../../contract/sink.ts"
import type { Source, SourceFile } from "../../contract/source.ts"
import type { Stage } from "../../contract/stage.ts"
import type { Reject } from "../../model/reject.ts"
import type { ScoreOptions } from "../../score/score-options.ts"
import type { PipelineOptions } from "./pipeline-options.ts"

/** The row type of stages and sinks inside a definition. The builder's types have already checked that they fit together. */
// biome-ignore lint/suspicious/noExplicitAny: existential row type; every way in is checked by the builder's interfaces
export type AnyRow = any

/** The data of a pipeline, shared by all of its forks. */
export interface Definition {
  readonly options: PipelineOptions
  /** Undefined if each run passes its own source. */
  readonly source: Source | undefined
  readonly parser: Parser<unknown>
  /** True for files: they have blank cells, and rows in memory have nulls instead. */
  readonly blanksAreNull: boolean
  readonly stages: readonly Stage<AnyRow, AnyRow>[]
  readonly score: ScoreOptions<AnyRow>
  readonly sinks: readonly Sink<AnyRow>[]
  readonly rejectSinks: readonly Sink<Reject>[]
  /** Which rejects a file corrects, in a replay. */
  readonly corrects?: (file: SourceFile, context: Context) => Promise<Correction>
}
