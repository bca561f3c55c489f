import type { DecodedArray } from "hyparquet"

/** The distinct values of a column chunk, and what they read as. */
export interface LeafDictionary {
  readonly stored: DecodedArray
  /** Read once, when a batch first needs them. */
  values?: readonly (number | string | boolean)[]
  /** The values as text. */
  texts?: readonly string[]
}

/** One page of a column: levels, and values for the entries that are not null. */
export interface LeafPage {
  /** Entries: rows, unless the column repeats within a row. */
  readonly length: number
  /** The definition level of an entry that is not null. */
  readonly maxDefinition: number
  /** Undefined where no entry is null. */
  readonly definitions: Uint8Array | undefined
  /** Undefined where the column does not repeat. */
  readonly repetitions: Uint8Array | undefined
  /** Codes into the dictionary, where there is one. */
  readonly values: DecodedArray
  readonly dictionary: LeafDictionary | undefined
}
