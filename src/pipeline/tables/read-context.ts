import { randomUUID } from "node:crypto"
import type { Context } from "../../contract/context.ts"
import { silentLogger } from "../../contract/logger.ts"

/** The context for reading outside of a run. */
export function readContext(signal: AbortSignal | undefined, batchRows?: number): Context {
  return { runId: randomUUID(), signal: signal ?? new AbortController().signal, logger: silentLogger, asOf: new Date(), batchRows }
}
