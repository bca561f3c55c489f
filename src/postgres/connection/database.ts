/** A row of a result. Queries cast their columns to text, small numbers, booleans or null, so the type parsers of the driver do not matter. */
export interface ResultRow {
  readonly [column: string]: unknown
}

/** The result of a statement. */
export interface QueryResult {
  readonly rows: readonly ResultRow[]
  /** Rows that the statement returned or changed. */
  readonly rowCount: number
}

/** Anything that runs statements: a connection, or the control connection that several loads share. */
export interface Queryable {
  query(text: string, values?: readonly unknown[]): Promise<QueryResult>
}

/** A running `COPY ... FROM STDIN`. If the server refuses it, the call that is waiting, or the next one, rejects. */
export interface CopyIn {
  /** Sends bytes. The caller must not change them until `end` or `fail` has settled. */
  write(bytes: Uint8Array): void
  /** Resolves once the server accepts data and few bytes are waiting to be sent. */
  drained(): Promise<void>
  /** Ends the data. Resolves with the number of rows that were copied. */
  end(): Promise<number>
  /** Cancels the COPY. The transaction is then aborted back to its last savepoint. */
  fail(reason: string): Promise<void>
}

/** A COPY that tells whether it is waiting for the server. */
export interface WireCopy extends CopyIn {
  /** Bytes that the server has not received yet. */
  readonly unsentBytes: number
  /** Whether the server's answer to the beginning or the end of the data is pending. */
  readonly ending: boolean
}

/** One connection to a database, used by one load at a time. */
export interface Connection extends Queryable {
  /** `into` is the table with its column list; `options` go between the parentheses of WITH. */
  copyIn(into: string, options: string): CopyIn
  /** Whether it is waiting for the server to answer or to receive bytes. */
  readonly busy: boolean
  /** Grows with every answer and with every byte that was received. */
  readonly progress: number
  /** Closes the socket at once. Whatever is waiting rejects. */
  destroy(): void
  /** Gives the connection back, or closes it if it is broken or in an unknown state. */
  release(broken?: boolean): void
}

/** A source of connections. */
export interface Database {
  /** Its name in messages, without the password. */
  readonly name: string
  /** Whether it can open a second connection at the same time, for the heartbeats. */
  readonly concurrent: boolean
  connect(): Promise<Connection>
  /** Whether callers wait because all connections are in use, if that is known. A long wait is then no sign of a network fault. */
  isExhausted?(): boolean
  close(): Promise<void>
}
