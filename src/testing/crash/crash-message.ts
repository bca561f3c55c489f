/** A call that the pipeline makes of a sink: the n-th one of its kind in a load, from 1. */
export interface SinkCall {
  /** The method. */
  readonly method: "open" | "write" | "settle" | "commit" | "dispose" | "close"
  /** Which of them: only `write` comes more than once. */
  readonly nth: number
}

/** What happens to a loader at a call of its sink. */
export interface Failpoint extends SinkCall {
  /** Before the sink has the call, or when it has carried it out and the pipeline does not know yet. */
  readonly when: "before" | "after"
  /** `"kill"` and `"stop"` are SIGKILL and SIGSTOP of the process; `"throw"` fails the call; `"abort"` aborts the run's signal. */
  readonly act: "kill" | "stop" | "throw" | "abort"
}

/** What a loader process is told. */
export interface LoadJob {
  /** What the target said of itself. */
  readonly settings: unknown
  readonly path: string
  readonly pipeline: string
  readonly batchRows: number
  /** How often the pipeline may try. */
  readonly attempts: number
  readonly failpoint?: Failpoint | undefined
}

/** A loader's last words. */
export interface LoaderOutput {
  /** How its delivery ended: `"loaded"`, `"duplicate"`, `"refused"`. Absent where the run threw. */
  readonly outcome?: string
  /** Rows that it says are in the target by it. */
  readonly loaded?: number
  /** Whether its report accounts for every row it read, once. */
  readonly conserves?: boolean
  /** What the run threw, where it did. */
  readonly code?: string
  /** Its message. */
  readonly message?: string
  /** What the load left open in its process: sockets, timers, temporary files. */
  readonly leaks: readonly string[]
  /** Calls that the pipeline made of the sink, in order. */
  readonly calls: readonly SinkCall[]
  /** From the order to load to the end of the run. */
  readonly ms: number
}

/** What a loader process says. */
export type LoaderWord = { readonly ready: true } | { readonly reached: Failpoint } | { readonly ended: LoaderOutput }
