/** The part of a connection that is used: a client of `pg` has it. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>
  release(error?: Error | boolean): void
}

/** The part of a pool that is used: a pool of `pg` has it. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
}
