import type { PrefixedTexts, StoredTexts } from "./stored-texts.ts"

/** Stored values of a column, nulls left out: numbers by type, `0` and `1` of truths, codes into a dictionary, or bytes. */
export type LeafValues =
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | Uint8Array
  | readonly (number | bigint)[]
  | StoredTexts
  | PrefixedTexts

/** The distinct values of a column chunk, and what they read as. */
export interface LeafDictionary {
  readonly stored: Exclude<LeafValues, PrefixedTexts>
  /** Length of the longest, in bytes; 0 where they are no texts. */
  readonly mostBytes: number
  /** Bytes of all of them. */
  readonly bytes: number
  /** Read once, when a batch first needs them. */
  values?: readonly (number | string | boolean)[]
  /** The values as text. */
  texts?: readonly string[]
}

/** Some consecutive entries of a page: levels, and values for the entries that are not null. */
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
  readonly values: LeafValues
  readonly dictionary: LeafDictionary | undefined
}

/** A stored value of a page, by its position among the page's values. */
export function storedAt(page: LeafPage, at: number): unknown {
  if (page.dictionary !== undefined) return entryAt(page.dictionary, codesOf(page)[at] ?? 0)
  return "lengthAt" in page.values ? page.values.at(at) : page.values[at]
}

/** A stored value of a dictionary. */
export function entryAt({ stored }: LeafDictionary, code: number): unknown {
  return "lengthAt" in stored ? stored.at(code) : stored[code]
}

/** The values of a page that has a dictionary. */
export function codesOf({ values }: LeafPage): Uint32Array {
  return values instanceof Uint32Array ? values : noCodes
}

const noCodes = new Uint32Array(0)
