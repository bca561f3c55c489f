/** The part of an output stream that the command uses. */
export interface CliStream {
  /** Returns false if the stream is full; `drain` follows. */
  write(text: string): unknown
  /** Calls the listener when the stream is ready again. */
  once?(event: "drain", listener: () => void): unknown
  /** Resolves when everything is written. Rejects if that failed. */
  flushed?(): Promise<void>
  /** True once nobody reads it any more. Later writes are lost. */
  readonly closed?: boolean | undefined
  /** Whether it is a terminal. Progress is shown only there. */
  readonly isTTY?: boolean | undefined
  /** The width of the terminal. Default: 80. */
  readonly columns?: number | undefined
}

/** What the command gets from its surroundings. A program or a test can provide it. */
export interface CliIo {
  /** Where results go. */
  readonly stdout: CliStream
  /** Where progress, log lines and errors go. */
  readonly stderr: CliStream
  /** What `-` reads. Default: nothing. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined
  /** The environment, such as `process.env`. Variables that it lacks come from `.env.local` in `cwd`. */
  readonly env: { readonly [name: string]: string | undefined }
  /** Folder that relative paths start from. */
  readonly cwd: string
  /** Abort it to end the run cleanly: nothing of the current file is loaded. */
  readonly signal?: AbortSignal | undefined
}
