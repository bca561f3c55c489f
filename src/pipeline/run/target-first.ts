import type { Sink } from "../../contract/sink.ts"
import type { AnyRow } from "../build/definition.ts"

/** The sink that keeps a ledger knows what was loaded before, so it decides, wherever it is in the pipeline. */
export function targetFirst(sinks: readonly Sink<AnyRow>[]): readonly Sink<AnyRow>[] {
  return [...sinks.filter(({ delivery }) => delivery === "once"), ...sinks.filter(({ delivery }) => delivery !== "once")]
}
