/**
 * A column in the form that the encoder of text rows takes: a range of bytes for each row. If the file's own bytes are what the database reads, the
 * ranges point to them.
 */
export interface TextField {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  /** Set bits are nulls; undefined if there are none. */
  readonly nulls: Uint8Array | undefined
  /** Whether the bytes are already escaped. */
  readonly escaped: boolean
}

/** Refuses a row because of one of its values. */
export interface RefuseRow {
  (row: number, code: string, message: string): void
}
