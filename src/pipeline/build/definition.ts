import type { Context } from "../../contract/context.ts"
import type { Correction } from "../../contract/delivery.ts"
import type { Parser } from "../../contract/parser.ts"
import type { Sink } from "../../contract/sink.ts"
import type { Source, SourceFile } from "../../contract/source.ts"
import type { Stage } from "../../contract/stage.ts"
import type { Reject } from "../../model/reject.ts"
import type { ScoreOptions } from "../../score/score-options.ts"
import type { PipelineOptions } from "./pipeline-options.ts"

/** The row type of stages and sinks inside a definition: the builder's types have seen to it that they fit. */
// biome-ignore lint/suspicious/noExplicitAny: existential row type; every way in is checked by the builder's interfaces
export type AnyRow = any

/** What a builder has gathered: data, and shared by all that fork from it. */
export interface Definition {
  readonly options: PipelineOptions
  /** Undefined where each run brings its own. */
  readonly source: Source | undefined
  readonly parser: Parser<unknown>
  /** Cells of files are blank where in-memory rows would have null. */
  readonly blanksAreNull: boolean
  readonly stages: readonly Stage<AnyRow, AnyRow>[]
  readonly score: ScoreOptions<AnyRow>
  readonly sinks: readonly Sink<AnyRow>[]
  readonly rejectSinks: readonly Sink<Reject>[]
  /** Which rejects a file brings corrected, where the files do. */
  readonly corrects?: (file: SourceFile, context: Context) => Promise<Correction>
}
