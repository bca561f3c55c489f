/** A call that the pipeline makes to a sink: the n-th of its kind in a load, counted from 1. */
export interface SinkCall {
  /** The method. */
  readonly method: "open" | "write" | "settle" | "commit" | "dispose" | "close"
  /** The number of the call. Only `write` is called more than once. */
  readonly nth: number
}

/** What happens to a loader at a call of its sink. */
export interface Failpoint extends SinkCall {
  /** Before the sink gets the call, or after the sink has carried it out and before the pipeline knows. */
  readonly when: "before" | "after"
  /** `"kill"` and `"stop"` send SIGKILL and SIGSTOP to the process; `"throw"` makes the call fail; `"abort"` aborts the run's signal. */
  readonly act: "kill" | "stop" | "throw" | "abort"
}

/** The instructions for a loader process. */
export interface LoadJob {
  /** The settings of the target. */
  readonly settings: unknown
  readonly path: string
  readonly pipeline: string
  readonly batchRows: number
  /** How often the pipeline may try. */
  readonly attempts: number
  readonly failpoint?: Failpoint | undefined
}

/** The result that a loader reports. */
export interface LoaderOutput {
  /** How its delivery ended: `"loaded"`, `"duplicate"` or `"refused"`. Absent if the run threw. */
  readonly outcome?: string
  /** How many rows the loader says that it loaded. */
  readonly loaded?: number
  /** Whether its report counts every row once. */
  readonly conserves?: boolean
  /** The code of the error, if the run threw. */
  readonly code?: string
  /** The message of that error. */
  readonly message?: string
  /** What the load left open in its process: sockets, timers, temporary files. */
  readonly leaks: readonly string[]
  /** The calls that the pipeline made to the sink, in order. */
  readonly calls: readonly SinkCall[]
  /** Milliseconds from the instruction to load to the end of the run. */
  readonly ms: number
}

/** The messages of a loader process. */
export type LoaderWord = { readonly ready: true } | { readonly reached: Failpoint } | { readonly ended: LoaderOutput }
