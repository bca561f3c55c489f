/** The target settings of a loader in the fault suite. */
export interface LoaderSettings {
  readonly url: string
  readonly table: string
  readonly way: Way
  readonly heartbeatMs: number
  readonly staleMs: number
  /** Files in addition to the trial's own: later files of a history, or the corrections of a replay. */
  readonly files: readonly string[]
  /** The delivery to correct. */
  readonly delivery?: string
}

/** How a loader loads: in a mode, as a history of several files, as corrections of an earlier delivery, or as a reload of it. */
export type Way = "append" | "upsert" | "insert-only" | "replace" | "delete-missing" | "scd2" | "scd2 files" | "replay" | "reload"
