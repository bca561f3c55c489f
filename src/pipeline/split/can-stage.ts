import type { Definition } from "../build/definition.ts"

/** Whether all sinks of a definition can stage parts side by side. */
export function canStage({ sinks }: Definition): boolean {
  return sinks.every((sink) => sink.stage !== undefined)
}
