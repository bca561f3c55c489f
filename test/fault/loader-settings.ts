/** What a loader of the fault suite is told of its target. */
export interface LoaderSettings {
  readonly url: string
  readonly table: string
  readonly way: Way
  readonly heartbeatMs: number
  readonly staleMs: number
  /** Files beside the trial's own: later ones of a history, or the corrections of a replay. */
  readonly files: readonly string[]
  /** The delivery that is corrected. */
  readonly delivery?: string
}

/** How a loader loads: in a mode, as a history of several files, as corrections of an earlier delivery, or in its place. */
export type Way = "append" | "upsert" | "insert-only" | "replace" | "delete-missing" | "scd2" | "scd2 files" | "replay" | "reload"
