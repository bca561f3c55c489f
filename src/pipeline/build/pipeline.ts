import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { AnyCheck, RuleOptions } from "../../contract/check.ts"
import type { Parser } from "../../contract/parser.ts"
import type { Sink } from "../../contract/sink.ts"
import type { Source } from "../../contract/source.ts"
import type { Batches, WithColumn } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Reject } from "../../model/reject.ts"
import type { RunReport } from "../../model/run-report.ts"
import type { Normalized, NormalizeOptions } from "../../normalize/normalize.ts"
import type { ScoreOptions } from "../../score/score-options.ts"
import type { CorrectedRow, ReplayOptions } from "../replay/replay.ts"
import type { BatchesOptions, RunOptions } from "../run/run-options.ts"
import type { Fits, FittingStage, LaterStage } from "./fits.ts"
import type { FromOptions, SourceInput } from "./source-of.ts"

/** A pipeline without rows yet. Without `from` each run brings its source: `run({ source })`. */
export interface NamedPipeline extends FilePipeline {
  /** Files: a path, a URL, bytes, an upload, a stream, or a source such as `s3(...)`. */
  from(source: SourceInput, options?: FromOptions): FilePipeline
  /** Rows that are in memory, or come from elsewhere, already. */
  fromRows<T>(rows: Iterable<T> | AsyncIterable<T>): ParsedPipeline<T>
}

/** Files; without `parse` their format is detected from the bytes. */
export interface FilePipeline extends ParsedPipeline<Row> {
  /** Names the parser, where the format is not to be detected or has options. */
  parse<T>(parser: Parser<T>): ParsedPipeline<T>
}

/** Rows as the parser gave them. */
export interface ParsedPipeline<T> extends Pipeline<T> {
  /** Maps headers, settles nulls, and reads the cells of named columns. */
  normalize<H extends string = never, V = unknown>(options: NormalizeOptions<H, V>): Pipeline<Normalized<T, H, V>>
  /** Adds a stage: any async generator over batches, one of `stage`, or one that `compose` made. */
  pipe<U, In = unknown>(stage: FittingStage<T, U, In>): Pipeline<U>
}

/** Rows of T. Immutable: every call gives a new pipeline, so one can be forked. */
export interface Pipeline<T> {
  /** Adds a stage: any async generator over batches, one of `stage`, or one that `compose` made. */
  pipe<U, In = unknown>(stage: FittingStage<T, U, In> & LaterStage): Pipeline<U>
  /** Holds rows against any Standard Schema: zod, valibot, arktype. */
  validate<In, Out>(schema: StandardSchemaV1<In, Out> & Fits<T, In>): Pipeline<Out>
  /** Adds a rule: a function of a row, `check.unique(...)`, or a check by column or over the run. */
  check(check: AnyCheck<T>, options?: RuleOptions<T>): Pipeline<T>
  /** Keeps the rows for which `keep` is true; the others are counted as filtered, and neither judged nor rejected. */
  filter(keep: (row: T) => boolean): Pipeline<T>
  /** Other rows from the passing ones, one for one. */
  map<U>(transform: (row: T) => U): Pipeline<U>
  /** Adds a column that is computed from each passing row, or puts it in place of the one of that name. */
  computed<const K extends string, V>(name: K, compute: (row: T) => V): Pipeline<WithColumn<T, K, V>>
  /** Adds a column that is the same in every row. */
  constant<const K extends string, const V extends string | number | boolean | Date>(name: K, value: V): Pipeline<WithColumn<T, K, V>>
  /**
   * Weights, gates and what else the score is made of. Every run is scored, with or without. Several calls add up; two that give one thing
   * different values throw `PIPELINE_INVALID`.
   */
  score(options?: ScoreOptions<T>): Pipeline<T>
  /** Names the target. */
  into(sink: Sink<T>): LoadPipeline<T>
  /** Passing rows, for a look or for a program of one's own. Nothing is loaded. */
  rows(options?: RunOptions): AsyncIterableIterator<T>
  /** Batches as they would reach a sink, failed rows marked. Nothing is loaded. */
  batches(options?: BatchesOptions): Batches<T>
  /** Comes after `into`: a run needs a target. The compiler says so here; a JavaScript program gets `PIPELINE_INVALID`. */
  run(this: "name a target before you run: .into(sink).run()", options?: RunOptions): never
}

/** A pipeline with a target. */
export interface LoadPipeline<T> {
  /** The pipeline's name. */
  readonly name: string
  /** One more sink, committed after the first. */
  into(sink: Sink<T>): LoadPipeline<T>
  /** Where rejects go as well. */
  rejectsInto(sink: Sink<Reject>): LoadPipeline<T>
  /**
   * Loads every file of the source, each as a delivery of its own. Throws a `RowgateError` where a delivery could not be decided; what other
   * deliveries of the run committed before stays committed.
   */
  run(options?: RunOptions): Promise<RunReport>
  /**
   * Says what `run` would do, and leaves nothing behind: it does all of it in transactions that are rolled back. Each delivery's report has
   * the `changes` of its target (statements that make or widen it, rows added, changed and removed), its score, and how many rows would be
   * rejected. Only sequences of the target go on counting. Every file is planned against what is there now, not against what the one before
   * would have left.
   */
  plan(options?: RunOptions): Promise<RunReport>
  /**
   * Loads rejects of an earlier delivery of this pipeline, corrected: a file that was exported from the ledger and comes back, or rows of a
   * program, with the number of the reject in the column `_reject`. They are a delivery of their own, once like any other; a reject is
   * corrected at most once, and a row that fails again leaves its reject open. Throws `DELIVERY_REFUSED` where one was corrected before.
   */
  replay(
    delivery: string,
    corrections: Source | Iterable<CorrectedRow> | AsyncIterable<CorrectedRow>,
    options?: ReplayOptions,
  ): Promise<RunReport>
}

/** The row type of a pipeline: `type Order = InferRow<typeof orders>`. */
export type InferRow<P> = P extends Pipeline<infer T> ? T : P extends LoadPipeline<infer T> ? T : never
