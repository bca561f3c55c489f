import type { Ruleset } from "../../score/ruleset.ts"
import type { TallyJson } from "../../score/tally.ts"
import type { Weights } from "../../score/weights.ts"

/** The score of one part of a table, with what it takes to merge it with others. Plain JSON. */
export interface PartialScore {
  /** Where the part is among the others; the first row of a key is in the part with the lowest number. */
  readonly part: number
  /** The rules that judged the rows. */
  readonly ruleset: Ruleset
  /** The weights of the dimensions. */
  readonly weights: Weights
  /** The instant by which the rows were judged, in ISO 8601. */
  readonly asOf: string
  /** The counts of losses. */
  readonly tally: TallyJson
  /** The keys of `check.unique`, in base64: 16 bytes for each distinct key. */
  readonly keys: string
  /** A bit for each row, in base64: row r passed if bit `r & 7` of byte `r >> 3` is set. */
  readonly passed: string
  /** The rows that exactly one rule rejected, by this rule. */
  readonly alone: { readonly [rule: string]: readonly number[] }
  /** Why the score cannot be merged with others, as the end of a sentence. Left out if it can. */
  readonly obstacle?: string
}
