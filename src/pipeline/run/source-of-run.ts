import type { Source } from "../../contract/source.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import type { Definition } from "../build/definition.ts"
import { sourceOf } from "../build/source-of.ts"
import type { RunOptions } from "./run-options.ts"

/** The source of a run: its own, or that of the definition. */
export function sourceOfRun({ options, source: own }: Definition, { source: given }: RunOptions): Source {
  const source = given === undefined ? own : sourceOf(given)
  if (source !== undefined) return source
  throw new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The pipeline ${options.name} has no source.`,
    remedy: "Call .from(...) in the definition, or pass run({ source }).",
  })
}
