import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { AnyCheck, RuleOptions } from "../../contract/check.ts"
import type { Logger } from "../../contract/logger.ts"
import type { Parser } from "../../contract/parser.ts"
import type { Sink } from "../../contract/sink.ts"
import type { Source } from "../../contract/source.ts"
import type { Stage } from "../../contract/stage.ts"
import type { Batches } from "../../model/batch.ts"
import type { Row } from "../../model/cell-value.ts"
import type { Reject } from "../../model/reject.ts"
import type { RunReport } from "../../model/run-report.ts"
import type { Normalized, NormalizeOptions } from "../../normalize/normalize.ts"
import type { ScoreOptions } from "../../score/score-options.ts"
import type { CorrectedRow, ReplayOptions } from "../replay/replay.ts"
import type { Fits } from "./fits.ts"

/** Options of `createPipeline`. */
export interface PipelineOptions {
  /** Part of every delivery's identity: the same bytes load once for each pipeline and target. */
  readonly name: string
  /** The declared version of schema, rules and normalizers, recorded with every delivery. */
  readonly version?: string | undefined
  /** Default: says nothing. */
  readonly logger?: Logger | undefined
  /** Most rows of a batch. Default 8,192, of csv 4,096; the first batches of a csv are smaller. */
  readonly batchSize?: number | undefined
  /** Files of one run that are read at once. Default 1. */
  readonly concurrency?: number | undefined
  /** Beyond it a delivery is refused: nothing of it is loaded, and its rejects and score are kept. Default: no limit. */
  readonly budget?: RejectBudget | undefined
  /** What a table without rows is: `"refuse"` (default) stops its delivery with `TABLE_EMPTY`, `"allow"` loads nothing and records it. */
  readonly empty?: "refuse" | "allow" | undefined
  /** How often a delivery is tried again that failed for what may pass by itself. */
  readonly retry?: RetryOptions | undefined
}

/**
 * Tries a delivery again, as a whole and from the first byte, where others were in the way or a connection was lost: `SINK_BUSY`, `LEASE_LOST`,
 * `SINK_UNREACHABLE` once the target was reached, and `SOURCE_UNREADABLE` where it may pass. Never after a commit, nor where the outcome of
 * one is not known, nor for rows that can be read once only, such as those of a generator.
 */
export interface RetryOptions {
  /** Attempts in all; default 5. 1: the first failure is final. */
  readonly attempts?: number | undefined
  /** Milliseconds that the first pause takes at most; each one may take twice the one before, and has a random length. Default 500. */
  readonly delayMs?: number | undefined
  /** Milliseconds that any pause takes at most; default 15,000. */
  readonly maxDelayMs?: number | undefined
}

/** How many rows a delivery may set aside and still be loaded. */
export interface RejectBudget {
  /** Most rejected rows. Default: any number. */
  readonly rows?: number | undefined
  /** Most rejected rows as a share of the rows read, 0 to 1. Default 1. */
  readonly share?: number | undefined
}

/** How far a delivery has come. */
export interface Progress {
  /** The file. */
  readonly uri: string
  /** Rows so far. */
  readonly read: number
  /** Rows that were set aside so far. */
  readonly rejected: number
  /** From 1: a delivery that is tried again counts its rows from 0. */
  readonly attempt: number
}

/** Options of one run. */
export interface RunOptions {
  /** Runs the definition on this instead: the delivery that an event names. */
  readonly source?: Source | undefined
  /** Everything but the commit. */
  readonly dryRun?: boolean | undefined
  /** Loads bytes that were loaded before once more, in place of that delivery's rows. */
  readonly reload?: boolean | undefined
  /** In place of the pipeline's own. */
  readonly retry?: RetryOptions | undefined
  /** Ends the run with `ABORTED`; the delivery at hand has loaded nothing. */
  readonly signal?: AbortSignal | undefined
  /** The instant to judge by. Default: when the run begins. */
  readonly asOf?: Date | undefined
  /** Weights of the dimensions that `score` gives none: what an environment says. Default: the built-in ones. */
  readonly weights?: ScoreOptions<never>["weights"]
  /** Called after every batch. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Options of walking batches. */
export interface BatchesOptions extends RunOptions {
  /**
   * Whether you are done with each batch when you ask for the next one, so that the same memory can be filled again, which takes less time.
   * Columns that were kept, and what was not yet read of rows, would then change. Default false.
   */
  readonly reuse?: boolean | undefined
}

/** Waits for where the data comes from. */
export interface NamedPipeline {
  /** Files: on disk, in memory, or of a source of your own. */
  from(source: Source): FilePipeline
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
}

/** Rows of T. Immutable: every call gives a new pipeline, so one can be forked. */
export interface Pipeline<T> {
  /** Adds a stage: any async generator over batches, or one that `compose` made. */
  pipe<U>(stage: Stage<T, U>): Pipeline<U>
  /** Holds rows against any Standard Schema: zod, valibot, arktype. */
  validate<In, Out>(schema: StandardSchemaV1<In, Out> & Fits<T, In>): Pipeline<Out>
  /** Adds a rule: a function of a row, `check.unique(...)`, or a check by column or over the run. */
  check(check: AnyCheck<T>, options?: RuleOptions<T>): Pipeline<T>
  /** Weights, gates and what else the score is made of. Every run is scored, with or without. */
  score(options?: ScoreOptions<T>): Pipeline<T>
  /** Names the target. */
  into(sink: Sink<T>): LoadPipeline<T>
  /** Passing rows, for a look or for a program of one's own. Nothing is loaded. */
  rows(options?: RunOptions): AsyncIterableIterator<T>
  /** Batches as they would reach a sink, failed rows marked. Nothing is loaded. */
  batches(options?: BatchesOptions): Batches<T>
}

/** What can be run: takes no more stages. */
export interface Runnable {
  /** The pipeline's name. */
  readonly name: string
  /**
   * Loads every file of the source, each as a delivery of its own. Throws a `RowgateError` where a delivery could not be decided; what other
   * deliveries of the run committed before stays committed.
   */
  run(options?: RunOptions): Promise<RunReport>
}

/** Options of one plan. */
export interface PlanOptions extends Omit<RunOptions, "dryRun"> {}

/** A pipeline with a target. */
export interface LoadPipeline<T> extends Runnable {
  /** One more sink, committed after the first. */
  into(sink: Sink<T>): LoadPipeline<T>
  /** Where rejects go as well. */
  rejects(sink: Sink<Reject>): LoadPipeline<T>
  /**
   * What `run` would do, found out by doing all of it in transactions that are rolled back: each delivery's report has the `changes` of its
   * target (statements that make or widen it, rows added, changed and removed), its score, and how many rows would be rejected. Nothing is
   * left of it, but that sequences of the target go on counting. Every file is planned against what is there now, not against what the one
   * before would have left.
   */
  plan(options?: PlanOptions): Promise<RunReport>
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
