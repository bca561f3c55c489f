/** What the command needs of a stream that it writes to. */
export interface CliStream {
  /** Writes some text; what it gives is not looked at. */
  write(text: string): unknown
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
