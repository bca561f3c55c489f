/** Where a row came from. */
export interface Origin {
  /** The URI of the file. */
  readonly uri: string
  /** The version of the file, if its source has versions. */
  readonly version?: string
  /** The sheet or table, if the file format can hold several. */
  readonly table?: string
  /** The position in the file, from 1: a row of a sheet, or a record of a text file, counting the header. */
  readonly row: number
  /** The line on which the record begins, from 1, for text formats. */
  readonly line?: number
  /** The byte offset of the record in the stored file, for text formats in UTF-8. */
  readonly offset?: number
  /** The A1 address of the first cell, for workbooks. */
  readonly address?: string
}

/** The origins of a batch's rows, each made on demand. */
export interface Origins {
  at(row: number): Origin
}
