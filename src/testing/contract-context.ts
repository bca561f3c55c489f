import { randomUUID } from "node:crypto"
import type { Context } from "../contract/context.ts"
import { silentLogger } from "../contract/logger.ts"

/** A context like the one that a run passes on. */
export function contractContext(given: Partial<Context> = {}): Context {
  return {
    runId: randomUUID(),
    signal: new AbortController().signal,
    logger: silentLogger,
    asOf: new Date(Date.UTC(2026, 0, 1)),
    ...given,
  }
}
