import type { Parser } from "../../contract/parser.ts"
import type { Source } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { normalize } from "../../normalize/normalize.ts"
import { autoParser } from "../../parsers/auto.ts"
import { check } from "../../validate/check.ts"
import { validate } from "../../validate/validate.ts"
import { replay } from "../replay/replay.ts"
import { previewBatches, previewRows } from "../run/preview.ts"
import { run } from "../run/run.ts"
import type { AnyRow, Definition } from "./definition.ts"
import { inMemory } from "./in-memory.ts"
import type { FilePipeline, LoadPipeline, NamedPipeline, PipelineOptions } from "./pipeline.ts"

/**
 * Begins a pipeline: a definition of where rows come from, what makes them trusted, and where they go. Nothing is opened before `run`.
 * Throws `PIPELINE_INVALID` for an empty name.
 */
export function createPipeline(options: PipelineOptions): NamedPipeline {
  if (options.name.trim() === "") {
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: "a pipeline needs a name",
      remedy: "the name is part of what makes a load happen once",
    })
  }
  const begin = (source: Source, parser: Parser<unknown>, blanksAreNull: boolean) =>
    filePipeline({ options, source, parser, blanksAreNull, stages: [], score: {}, sinks: [], rejectSinks: [] })
  return {
    from: (source) => begin(source, autoParser(), true),
    fromRows: (rows) => begin(...inMemory(rows), false),
  }
}

/**
 * One object serves all phases of the builder; the interfaces show only what a phase allows. Row types live in the interfaces alone, hence
 * the one existential type in here.
 */
function filePipeline(definition: Definition): FilePipeline & AnyRow {
  const withStage = (stage: Definition["stages"][number]) => filePipeline({ ...definition, stages: [...definition.stages, stage] })
  const pipeline: { [method in keyof FilePipeline]: (...args: AnyRow[]) => unknown } = {
    parse: (parser) => filePipeline({ ...definition, parser }),
    normalize: (options) => withStage(normalize(options)),
    pipe: withStage,
    validate: (schema) => withStage(validate(schema)),
    check: (rule, options) => withStage(check(rule, named(rule, options, definition))),
    score: (score = {}) => filePipeline({ ...definition, score: { ...definition.score, ...score } }),
    into: (sink) => loadPipeline({ ...definition, sinks: [sink] }),
    rows: (options) => previewRows(definition, options),
    batches: (options) => previewBatches(definition, options),
  }
  return pipeline
}

/** A function without a name gets its position, so that two of them are two rules. */
function named(rule: AnyRow, options: AnyRow, definition: Definition): AnyRow {
  return typeof rule === "function" && rule.name === "" && options?.name === undefined
    ? { ...options, name: `check ${definition.stages.length + 1}` }
    : options
}

function loadPipeline(definition: Definition): LoadPipeline<AnyRow> {
  if (definition.sinks.filter((sink) => sink.delivery === "once").length > 1) {
    throw new RowgateError({
      code: "PIPELINE_INVALID",
      message: `more than one sink keeps a ledger: ${definition.sinks.map((sink) => sink.name).join(", ")}`,
      remedy: "make a pipeline for each: a load is once in one database",
    })
  }
  return {
    name: definition.options.name,
    into: (sink) => loadPipeline({ ...definition, sinks: [...definition.sinks, sink] }),
    rejects: (sink) => loadPipeline({ ...definition, rejectSinks: [...definition.rejectSinks, sink] }),
    run: (options) => run(definition, options),
    plan: (options) => run(definition, { ...options, dryRun: true }),
    replay: (delivery, corrections, options) => replay(definition, delivery, corrections, options),
  }
}
