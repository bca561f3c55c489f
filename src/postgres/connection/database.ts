/** A row of an answer. What the sink asks for is cast to text, numbers that fit, booleans or null, so that no type parser is relied on. */
export interface ResultRow {
  readonly [column: string]: unknown
}

/** The answer to a statement. */
export interface QueryResult {
  readonly rows: readonly ResultRow[]
  /** Rows that the statement returned or touched. */
  readonly rowCount: number
}

/** Anything that runs statements: a connection, or the control connection that several loads share. */
export interface Queryable {
  query(text: string, values?: readonly unknown[]): Promise<QueryResult>
}

/** One `COPY ... FROM STDIN` under way. A refusal of the server rejects whichever call is waiting, or the next one. */
export interface CopyIn {
  /** Sends bytes. They must stay as they are until `end` or `fail` has settled. */
  write(bytes: Uint8Array): void
  /** Resolves once the server takes bytes, and little enough is waiting to be sent. */
  drained(): Promise<void>
  /** Ends the data; resolves with the rows that were copied. */
  end(): Promise<number>
  /** Calls the COPY off; the transaction is then aborted, back to its savepoint. */
  fail(reason: string): Promise<void>
}

/** A COPY of which can be told whether the server is being waited for. */
export interface WireCopy extends CopyIn {
  /** Bytes that the server has not taken yet. */
  readonly unsentBytes: number
  /** Whether the data has ended, or not begun, and the server's answer has not come. */
  readonly ending: boolean
}

/** One connection of a database, used by one load at a time. */
export interface Connection extends Queryable {
  /** `into` is the table with its column list, `options` what stands between the parentheses of WITH. */
  copyIn(into: string, options: string): CopyIn
  /** Whether an answer of the server, or its taking of bytes, is being waited for. */
  readonly busy: boolean
  /** Grows with every answer and with all bytes that were taken. */
  readonly progress: number
  /** Cuts the line without a word: whatever is waiting is rejected. */
  destroy(): void
  /** Gives the connection back; one that is broken, or in an unknown state, is closed instead. */
  release(broken?: boolean): void
}

/** Where connections come from. */
export interface Database {
  /** How messages call it; never with a password. */
  readonly name: string
  /** Whether a second connection can be had beside the first, for the heartbeat. */
  readonly concurrent: boolean
  connect(): Promise<Connection>
  /** Whether somebody waits for a connection since all are in use, where that can be told: then waiting says nothing of the network. */
  isExhausted?(): boolean
  close(): Promise<void>
}
