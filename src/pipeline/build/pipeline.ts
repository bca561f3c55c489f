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

/** A pipeline that has no rows yet. If you do not call `from`, pass a source to each run: `run({ source })`. */
export interface NamedPipeline extends FilePipeline {
  /** Reads files: a path, a URL, bytes, an upload, a stream, or a source such as `s3(...)`. */
  from(source: SourceInput, options?: FromOptions): FilePipeline
  /** Takes rows from your program, from an iterable or an async iterable. */
  fromRows<T>(rows: Iterable<T> | AsyncIterable<T>): ParsedPipeline<T>
}

/** A pipeline that reads files. Without `parse`, rowgate detects their format from the bytes. */
export interface FilePipeline extends ParsedPipeline<Row> {
  /** Sets the parser, to give it options or to skip the detection of the format. */
  parse<T>(parser: Parser<T>): ParsedPipeline<T>
}

/** A pipeline whose rows are as the parser returns them. */
export interface ParsedPipeline<T> extends Pipeline<T> {
  /** Matches headers to columns, turns null texts into null, and reads the cells of the named columns. */
  normalize<H extends string = never, V = unknown>(options: NormalizeOptions<H, V>): Pipeline<Normalized<T, H, V>>
  /** Adds a stage: any async generator over batches, one of `stage`, or one that `compose` made. */
  pipe<U, In = unknown>(stage: FittingStage<T, U, In>): Pipeline<U>
}

/** A pipeline with rows of type T. It is immutable: every method returns a new pipeline. */
export interface Pipeline<T> {
  /** Adds a stage: any async generator over batches, one of `stage`, or one that `compose` made. */
  pipe<U, In = unknown>(stage: FittingStage<T, U, In> & LaterStage): Pipeline<U>
  /** Validates rows with any Standard Schema: zod, valibot, arktype and others. */
  validate<In, Out>(schema: StandardSchemaV1<In, Out> & Fits<T, In>): Pipeline<Out>
  /** Adds a rule: a function of a row, `check.unique(...)`, or a check of columns or of the whole run. */
  check(check: AnyCheck<T>, options?: RuleOptions<T>): Pipeline<T>
  /** Keeps the rows for which `keep` returns true. The others count as filtered: they are neither scored nor rejected. */
  filter(keep: (row: T) => boolean): Pipeline<T>
  /** Replaces each passing row with the result of `transform`. */
  map<U>(transform: (row: T) => U): Pipeline<U>
  /** Adds a column that is computed from each passing row. Replaces a column of the same name. */
  computed<const K extends string, V>(name: K, compute: (row: T) => V): Pipeline<WithColumn<T, K, V>>
  /** Adds a column that is the same in every row. */
  constant<const K extends string, const V extends string | number | boolean | Date>(name: K, value: V): Pipeline<WithColumn<T, K, V>>
  /**
   * Sets weights, gates and other options of the score. rowgate scores every run, whether or not you call this. Several calls add up; if two of
   * them set an option to different values, it throws `PIPELINE_INVALID`.
   */
  score(options?: ScoreOptions<T>): Pipeline<T>
  /** Adds the target, and ends the definition of the rows. */
  into(sink: Sink<T>): LoadPipeline<T>
  /** Returns the passing rows, to look at them or to process them yourself. Loads nothing. */
  rows(options?: RunOptions): AsyncIterableIterator<T>
  /** Returns the batches as a sink would get them, with failed rows marked. Loads nothing. */
  batches(options?: BatchesOptions): Batches<T>
  /** Only works after `into`, because a run needs a target. The compiler says so; a JavaScript program gets `PIPELINE_INVALID`. */
  run(this: "name a target before you run: .into(sink).run()", options?: RunOptions): never
}

/** A pipeline with a target. */
export interface LoadPipeline<T> {
  /** The pipeline's name. */
  readonly name: string
  /** Adds another sink, which commits after the first one. */
  into(sink: Sink<T>): LoadPipeline<T>
  /** Sends the rejects to this sink too, also those of a delivery that is refused. */
  rejectsInto(sink: Sink<Reject>): LoadPipeline<T>
  /**
   * Loads every file of the source, each as a separate delivery. Throws a `RowgateError` if an error stops a delivery; deliveries that were
   * committed before stay committed.
   */
  run(options?: RunOptions): Promise<RunReport>
  /**
   * Reports what `run` would do: it does the same in transactions and rolls them back. The report of each delivery has the `changes` to the
   * target (statements that create or widen the table; rows added, changed and removed), the score, and the number of rejected rows. Only the
   * target's sequences keep counting. Each file is planned against the table as it is now, without the changes of the files before it.
   */
  plan(options?: RunOptions): Promise<RunReport>
  /**
   * Loads corrected rejects of an earlier delivery of this pipeline. Pass the corrected export, or rows with the number of the reject in the
   * column `_reject`. The replay is a separate delivery and is loaded once, like any other. A reject can be corrected once; if the row fails
   * again, its reject stays open. Throws `DELIVERY_REFUSED` if a reject was corrected before.
   */
  replay(
    delivery: string,
    corrections: Source | Iterable<CorrectedRow> | AsyncIterable<CorrectedRow>,
    options?: ReplayOptions,
  ): Promise<RunReport>
}

/** The row type of a pipeline: `type Order = InferRow<typeof orders>`. */
export type InferRow<P> = P extends Pipeline<infer T> ? T : P extends LoadPipeline<infer T> ? T : never
