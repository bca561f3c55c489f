/** A version of an object, as the ledger knows it. */
export interface SweptFile {
  /** `s3://BUCKET/KEY`. */
  readonly uri: string
  /** Its version id, or its etag in a bucket without versions. */
  readonly version?: string | undefined
}

/** What the ledger knows about a file. */
export interface SweptState {
  /** What became of its deliveries; undefined if the ledger has none. */
  readonly status?: "running" | "lost" | "committed" | "refused" | "failed" | "replaced" | "duplicate" | undefined
  /** How many follow-ups of its deliveries are still to do. */
  readonly openFollowUps: number
}

/** What the sweeper asks a ledger, and tells it. `postgresSweepLedger` implements it. `F` is a follow-up, such as an object to archive. */
export interface SweepLedger<F> {
  /** Returns the state of each file, in the order of the files. */
  states(files: readonly SweptFile[]): Promise<readonly SweptState[]>
  /** Marks deliveries as failed whose processes were lost. Returns how many. */
  failLostRuns(): Promise<number>
  /** Takes at most `limit` follow-ups that nobody else has taken, so that nobody else takes them for a while. */
  takeFollowUps(limit: number): Promise<readonly F[]>
  /** Removes staged rows of deliveries that nobody has touched for `idleMs`. Returns of how many deliveries. Leave it out if nothing is staged. */
  dropStaging?(idleMs: number): Promise<number>
  /** Why the last delivery of a file failed; undefined if none did. */
  lastFailure(file: SweptFile): Promise<string | undefined>
  /** Records that a file was set aside, and why. May be called twice. */
  recordFailure(file: SweptFile, reason: string): Promise<void>
}
