/** What a loader of the fault suite is told of its target. */
export interface LoaderSettings {
  readonly url: string
  readonly table: string
  readonly mode: "append" | "upsert" | "replace" | "scd2" | "delete-missing"
  readonly heartbeatMs: number
  readonly staleMs: number
}
