import { randomUUID } from "node:crypto"
import type { Context } from "../contract/context.ts"
import { silentLogger } from "../contract/logger.ts"

/** A context as a run hands it over. */
export function contractContext(given: Partial<Context> = {}): Context {
  return {
    runId: randomUUID(),
    signal: new AbortController().signal,
    logger: silentLogger,
    asOf: new Date(Date.UTC(2026, 0, 1)),
    ...given,
  }
}
