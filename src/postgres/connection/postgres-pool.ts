import type { OptionKind } from "../../options/option-kind.ts"
import { having } from "../../options/option-kinds.ts"
import type { WireCopy } from "./database.ts"

/** The part of a client of `pg` that rowgate uses. */
export interface PostgresClient {
  /** Runs one statement. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>
  /** Gives the connection back, or closes it if you pass true or an error. */
  release(error?: Error | boolean): void
  /** Begins a `COPY ... FROM STDIN`. Clients of `pg` do not have it; they run a query object instead. */
  copyIn?(statement: string): WireCopy
  /** Closes the socket at once; whatever is waiting rejects. Clients of `pg` do not have it. */
  destroy?(): void
}

/** The part of a pool of `pg` that rowgate uses. */
export interface PostgresPool {
  /** Resolves with a client, once one is free. */
  connect(): Promise<PostgresClient>
}

export function poolKind(): OptionKind<PostgresPool> {
  return having<PostgresPool>("a pool, such as new pg.Pool()", "connect")
}
