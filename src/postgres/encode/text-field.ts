/**
 * A column as the row encoder takes it: a range of bytes for each row, whatever the column's layout was.
 * Columns that lie in the file as the database wants them keep the file's own bytes.
 */
export interface TextField {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /** Set bits are nulls; undefined where there are none. */
  readonly nulls: Uint8Array | undefined
  /** Whether the bytes need no escaping. */
  readonly escaped: boolean
}

/** Sets a row aside because of one of its values. */
export interface RefuseRow {
  (row: number, code: string, message: string): void
}
