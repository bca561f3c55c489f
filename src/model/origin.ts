/** Where a row came from. */
export interface Origin {
  /** The file. */
  readonly uri: string
  /** The version of the file, where its source has versions. */
  readonly version?: string
  /** The sheet or table, where the file can have several. */
  readonly table?: string
  /** One-based position in the file: a sheet row, or a record of a text file, header included. */
  readonly row: number
  /** One-based line on which the record begins, for text formats. */
  readonly line?: number
  /** Byte offset of the record in the file as stored, for text formats in UTF-8. */
  readonly offset?: number
  /** A1 address of the first cell, for workbooks. */
  readonly address?: string
}

/** Origins of a batch's rows, made one at a time when asked for. */
export interface Origins {
  at(row: number): Origin
}
