/** The part of a connection that is used: a client of `pg` has it. */
export interface PostgresClient {
  /** Runs one statement. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>
  /** Gives the connection back; with true it is closed. */
  release(error?: Error | boolean): void
}

/** The part of a pool that is used: a pool of `pg` has it. */
export interface PostgresPool {
  /** A connection, waiting for one if need be. */
  connect(): Promise<PostgresClient>
}
