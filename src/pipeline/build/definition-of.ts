import { RowgateError } from "../../errors/rowgate-error.ts"
import type { AnyRow, Definition } from "./definition.ts"
import type { LoadPipeline } from "./pipeline.ts"

const definitions = new WeakMap<object, Definition>()

/** Remembers the definition behind a pipeline, which its methods do not show. */
export function withDefinition<P extends LoadPipeline<AnyRow>>(pipeline: P, definition: Definition): P {
  definitions.set(pipeline, definition)
  return pipeline
}

/** The definition behind a pipeline with a target. Throws `PIPELINE_INVALID` for anything else. */
export function definitionOf(call: string, pipeline: LoadPipeline<AnyRow>): Definition {
  const definition = typeof pipeline === "object" && pipeline !== null ? definitions.get(pipeline) : undefined
  if (definition !== undefined) return definition
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `${call} takes a pipeline with a target, as createPipeline(...)...into(sink) returns it.`,
    remedy: "Pass the pipeline itself, after into().",
  })
}
