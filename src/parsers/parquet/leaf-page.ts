import type { PrefixedTexts, StoredTexts } from "./stored-texts.ts"

/** Stored values of a column without nulls: numbers, booleans as `0` and `1`, codes into a dictionary, or bytes. */
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

/** The dictionary of a column chunk: its stored values, and the same after reading. */
export interface LeafDictionary {
  readonly stored: Exclude<LeafValues, PrefixedTexts>
  /** Bytes of the longest text; 0 if the values are not texts. */
  readonly mostBytes: number
  /** Bytes of all values. */
  readonly bytes: number
  /** The values after reading, computed when a batch first needs them. */
  values?: readonly (number | string | boolean)[]
  /** The values as text. */
  texts?: readonly string[]
}

/** Some consecutive entries of a page: their levels, and the values of those that are not null. */
export interface LeafPage {
  /** Number of entries, which is the number of rows unless the column is repeated. */
  readonly length: number
  /** The definition level of an entry that is not null. */
  readonly maxDefinition: number
  /** Undefined if no entry is null. */
  readonly definitions: Uint8Array | undefined
  /** Undefined if the column is not repeated. */
  readonly repetitions: Uint8Array | undefined
  /** If there is a dictionary, the codes into it. */
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

/** The dictionary codes of a page; empty if it has no dictionary. */
export function codesOf({ values }: LeafPage): Uint32Array {
  return values instanceof Uint32Array ? values : noCodes
}

const noCodes = new Uint32Array(0)
