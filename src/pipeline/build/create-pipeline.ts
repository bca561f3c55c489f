import type { Parser } from "../../contract/parser.ts"
import type { Source } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { RunReport } from "../../model/run-report.ts"
import type { TableBatch } from "../../model/table-batch.ts"
import { normalize } from "../../normalize/normalize.ts"
import { autoParser } from "../../parsers/auto.ts"
import { mergeScore } from "../../score/merge-score.ts"
import { check } from "../../validate/check.ts"
import { validate } from "../../validate/validate.ts"
import type { BatchesOptions, RunOptions, RunSettings } from "../run/run-options.ts"
import { checked } from "./checked-calls.ts"
import { refuseLateNormalize } from "./compose.ts"
import type { AnyRow, Definition } from "./definition.ts"
import { withDefinition } from "./definition-of.ts"
import { inMemory } from "./in-memory.ts"
import type { FilePipeline, LoadPipeline, NamedPipeline } from "./pipeline.ts"
import type { PipelineOptions } from "./pipeline-options.ts"
import { sourceOf } from "./source-of.ts"
import { computed, constant, filter, map } from "./stages.ts"

/**
 * Defines a pipeline: where rows come from, which rules they must pass, and where they go. It opens nothing before `run`.
 * Throws `PIPELINE_INVALID` if the name is missing, and `CONFIG_INVALID` for an unknown option or a wrong value.
 *
 * @example
 * ```ts run
 * import { bytes, check, createPipeline, memory } from "rowgate"
 * import { z } from "zod"
 *
 * const report = await createPipeline({ name: "orders" })
 *   .from(bytes("order_id,email\n1,ann@example.com\n2,nobody\n"))
 *   .validate(z.object({ orderId: z.number().int(), email: z.email() }))
 *   .check(check.unique("orderId"))
 *   .into(memory())
 *   .run()
 * console.log(report.read, report.loaded, report.rejected) // => 2 1 1
 * ```
 */
export function createPipeline(options: PipelineOptions): NamedPipeline {
  checked.pipeline(options)
  const begin = (source: Source | undefined, parser: Parser<unknown>, blanksAreNull: boolean) =>
    filePipeline({ options, source, parser, blanksAreNull, stages: [], score: {}, sinks: [], rejectSinks: [] })
  return {
    ...begin(undefined, autoParser(), true),
    from: (input, given) => begin(sourceOf(checked.input(input), checked.from(given)), autoParser(), true),
    fromRows: (rows) => begin(...inMemory(checked.rows(rows)), false),
  }
}

/**
 * One object serves all phases of the builder; the interfaces show only what a phase allows. Only the interfaces know the row types, so this
 * file uses `AnyRow`.
 */
function filePipeline(definition: Definition): FilePipeline & AnyRow {
  const withStage = (stage: Definition["stages"][number]) => filePipeline({ ...definition, stages: [...definition.stages, stage] })
  const pipeline: { [method in keyof FilePipeline]: (...args: AnyRow[]) => unknown } = {
    parse: (parser) => filePipeline({ ...definition, parser: checked.parser(parser) }),
    normalize: (options) => withStage(normalize(options)),
    pipe: (stage) => {
      checked.stage(stage)
      if (definition.stages.length > 0) refuseLateNormalize(stage)
      return withStage(stage)
    },
    validate: (schema) => withStage(validate(schema)),
    check: (rule, options) => withStage(check(rule, named(rule, options, definition))),
    filter: (keep) => withStage(filter(keep)),
    map: (transform) => withStage(map(transform)),
    computed: (name, compute) => withStage(computed(name, compute)),
    constant: (name, value) => withStage(constant(name, value)),
    score: (score = {}) => filePipeline({ ...definition, score: mergeScore(definition.score, checked.score(score)) }),
    into: (sink) => loadPipeline({ ...definition, sinks: [checked.sink(sink)] }),
    rows: (options) => rowsOf(definition, checked.run("rows()", options)),
    batches: (options) => batchesOf(definition, checked.batches(options)),
    run: () => {
      throw new RowgateError({
        code: "PIPELINE_INVALID",
        message: `The pipeline ${definition.options.name} has no target.`,
        remedy: "Add one with .into(sink) before you run it.",
      })
    },
  }
  return pipeline
}

/** Names a function without a name after its position, so that two of them are two rules. */
function named(rule: AnyRow, options: AnyRow, definition: Definition): AnyRow {
  return typeof rule === "function" && rule.name === "" && options?.name === undefined
    ? { ...options, name: `check ${definition.stages.length + 1}` }
    : options
}

function loadPipeline(definition: Definition): LoadPipeline<AnyRow> {
  const once = definition.sinks.filter((sink) => sink.delivery === "once")
  if (once.length > 1) {
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `The pipeline ${definition.options.name} has more than one sink that keeps a ledger: ${once.map((sink) => sink.name).join(", ")}.`,
      remedy: "Create a separate pipeline for each of these sinks.",
    })
  }
  const pipeline: LoadPipeline<AnyRow> = {
    name: definition.options.name,
    into: (sink) => loadPipeline({ ...definition, sinks: [...definition.sinks, checked.sink(sink)] }),
    rejectsInto: (sink) => loadPipeline({ ...definition, rejectSinks: [...definition.rejectSinks, checked.rejectSink(sink)] }),
    run: async (options) => runNow(definition, checked.run("run()", options)),
    plan: async (options) => runNow(definition, { ...checked.run("plan()", options), dryRun: true }),
    replay: async (...given) => (await import("../replay/replay.ts")).replay(definition, ...given),
  }
  return withDefinition(pipeline, definition)
}

// A program that only defines its pipeline, or validates parts, does not load what runs one.

async function runNow(definition: Definition, settings: RunSettings): Promise<RunReport> {
  return (await import("../run/run.ts")).run(definition, settings)
}

async function* rowsOf(definition: Definition, options: RunOptions): AsyncGenerator<AnyRow> {
  yield* (await import("../run/preview.ts")).previewRows(definition, options)
}

async function* batchesOf(definition: Definition, options: BatchesOptions): AsyncGenerator<TableBatch<AnyRow>> {
  yield* (await import("../run/preview.ts")).previewBatches(definition, options)
}
