import type { WireCopy } from "./database.ts"

/** The part of a connection that is used: a client of `pg` has it. */
export interface PostgresClient {
  /** Runs one statement. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>
  /** Gives the connection back; with true it is closed. */
  release(error?: Error | boolean): void
  /** Begins a `COPY ... FROM STDIN`. Clients of `pg` lack it: they are handed a query object instead. */
  copyIn?(statement: string): WireCopy
  /** Cuts the connection without a word: whatever is waiting is rejected. Clients of `pg` lack it. */
  destroy?(): void
}

/** The part of a pool that is used: a pool of `pg` has it. */
export interface PostgresPool {
  /** A connection, waiting for one if need be. */
  connect(): Promise<PostgresClient>
}
