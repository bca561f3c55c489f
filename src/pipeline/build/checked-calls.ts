import { parserKind, sinkKind, stageKind } from "../../contract/part-kinds.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkArgument } from "../../options/check-argument.ts"
import { checkOptions } from "../../options/check-options.ts"
import type { OptionKind } from "../../options/option-kind.ts"
import { kind } from "../../options/option-kinds.ts"
import { scoreOptionSpec } from "../../score/score-option-spec.ts"
import { batchesOptionSpec, runOptionSpec } from "../run/run-option-spec.ts"
import type { BatchesOptions, RunOptions } from "../run/run-options.ts"
import type { AnyRow } from "./definition.ts"
import { pipelineOptionSpec } from "./pipeline-option-spec.ts"
import type { PipelineOptions } from "./pipeline-options.ts"
import { type FromOptions, fromOptionSpec, inputKind } from "./source-of.ts"

/** Checks the arguments of the builder's methods, because JavaScript has no types to check them. Each call returns its argument. */
export const checked = {
  pipeline(options: PipelineOptions): PipelineOptions {
    const name: unknown = options?.name
    if (name === undefined || (typeof name === "string" && name.trim() === "")) throw nameless()
    checkOptions("createPipeline()", options, pipelineOptionSpec)
    return options
  },
  input: part("from()", inputKind()),
  from: (options: FromOptions = {}): FromOptions => {
    checkOptions("from()", options, fromOptionSpec)
    return options
  },
  rows: part("fromRows()", rowsKind()),
  parser: part("parse()", parserKind<AnyRow>()),
  stage: part("pipe()", stageKind<AnyRow, AnyRow>()),
  sink: part("into()", sinkKind<AnyRow>()),
  rejectSink: part("rejectsInto()", sinkKind<AnyRow>()),
  score: (options: AnyRow): AnyRow => {
    checkOptions("score()", options, scoreOptionSpec)
    return options
  },
  run: (call: string, options: RunOptions = {}): RunOptions => {
    checkOptions(call, options, runOptionSpec)
    return options
  },
  batches: (options: BatchesOptions = {}): BatchesOptions => {
    checkOptions("batches()", options, batchesOptionSpec)
    return options
  },
}

function part<T>(call: string, kind: OptionKind<T>): (value: T) => T {
  return (value) => {
    checkArgument(call, value, kind, "PIPELINE_INVALID")
    return value
  }
}

function rowsKind<T>(): OptionKind<Iterable<T> | AsyncIterable<T>> {
  return kind("rows, such as an array or a generator of objects", (value) => {
    return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  })
}

function nameless(): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: "createPipeline() needs a name, because the name is part of what identifies a delivery.",
    remedy: 'Name the pipeline: createPipeline({ name: "orders" }).',
  })
}
