/** What the command needs of a stream that it writes to. */
export interface CliStream {
  /** False where the stream is behind and `drain` will come. */
  write(text: string): unknown
  /** Tells when the stream is ready again. */
  once?(event: "drain", listener: () => void): unknown
  /** Waits until everything was taken, and throws what went wrong with it. */
  flushed?(): Promise<void>
  /** True once nobody reads it any more: what is written then is lost. */
  readonly closed?: boolean | undefined
  /** Whether a person looks at it: progress is shown then. */
  readonly isTTY?: boolean | undefined
}

/** Everything that the command gets from outside, so that it can be run from a program or a test. */
export interface CliIo {
  /** Where results go. */
  readonly stdout: CliStream
  /** Where progress, log lines and errors go. */
  readonly stderr: CliStream
  /** The environment, such as `process.env`. `.env.local` in `cwd` is read beneath it. */
  readonly env: { readonly [name: string]: string | undefined }
  /** Folder that relative paths begin in. */
  readonly cwd: string
  /** Aborting it ends the run cleanly: nothing of the file at hand is loaded. */
  readonly signal?: AbortSignal | undefined
}
