import { randomUUID } from "node:crypto"
import type { Context } from "../../contract/context.ts"
import { silentLogger } from "../../contract/logger.ts"

/** The context of a reading that belongs to no run. */
export function readContext(signal: AbortSignal | undefined, batchRows?: number): Context {
  return { runId: randomUUID(), signal: signal ?? new AbortController().signal, logger: silentLogger, asOf: new Date(), batchRows }
}
