import { randomUUID } from "node:crypto"
import type { Context } from "../../contract/context.ts"
import { silentLogger } from "../../contract/logger.ts"
import type { Definition } from "../build/definition.ts"
import type { RunSettings } from "./run-options.ts"

/** The context of a run. No other code reads the clock. */
export function runContext(definition: Definition, options: RunSettings): Context {
  return {
    runId: randomUUID(),
    signal: options.signal ?? new AbortController().signal,
    logger: definition.options.logger ?? silentLogger,
    asOf: options.asOf ?? new Date(),
    batchRows: definition.options.batchRows,
    ...(options.explain === true ? { explain: true } : {}),
    ...(options.deadline === undefined ? {} : { deadline: options.deadline }),
  }
}
