import { quoted } from "../cells/readers/quoted.ts"
import type { KeyCheck } from "../contract/check.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { fullList, list, number, position, text as textKind } from "../options/option-kinds.ts"
import { type AlikeRow, type AlikeRows, addRow, joinRows, noRows } from "./alike/alike-rows.ts"
import { rowWords } from "./alike/row-words.ts"
import { cellText } from "./cell-text.ts"

/** Options of `nearDuplicates`. */
export interface NearDuplicatesOptions<K extends string> {
  /** Columns that have equal values in rows that are compared, such as the day of birth. A row in which one of them is empty is not judged. Default: none. */
  readonly by?: readonly K[] | undefined
  /**
   * The least share of letters and digits that two rows have in common, 0 to 1. With 1, no typo is looked for. Default: 0.9, with which a typo counts in rows of at
   * least ten letters.
   */
  readonly similarity?: number | undefined
  /** How sure a finding is, 0 to 1. It is a warning, and takes half of this from the row. Default: 0.3. */
  readonly confidence?: number | undefined
  /**
   * How many keys it remembers; a row has two, and two more for each word of at least five letters. If a file has more, it judges a part of the keys, chosen by a hash.
   * Default: 1,000,000, which take about 70 MB.
   */
  readonly most?: number | undefined
}

/**
 * Suspects rows that are alike in some columns but not equal: `duplicate.suspected`, a warning of low confidence that costs uniqueness and names the earlier row. Two rows
 * are alike if they differ only in case, accents, spaces, punctuation, the order of words, and one typo in a word of at least five letters. Rows that are equal are left to
 * `check.unique`.
 */
export function nearDuplicates<const C extends string, const K extends string = never>(
  columns: readonly [C, ...C[]],
  options: NearDuplicatesOptions<K> = {},
): KeyCheck<C | K> {
  const names = fullList(textKind("the name of a column"), "a list of column names")
  checkArgument("The first argument of nearDuplicates()", columns as readonly string[], names, "PIPELINE_INVALID")
  checkOptions<NearDuplicatesOptions<string>>("nearDuplicates()", options, {
    by: list(textKind("the name of a column"), "a list of column names"),
    similarity: number(0, 1),
    confidence: number(0, 1),
    most: position(1),
  })
  const { by = [], similarity = 0.9, confidence = 0.3, most = 1_000_000 } = options
  const least = similarity
  return {
    kind: "key",
    name: `nearDuplicates.${columns.join("+")}`,
    columns: [...by, ...columns],
    judges: columns,
    dimension: "uniqueness",
    parameters: { by, similarity, confidence, most },
    begin: noRows,
    test(cells, rows, state, fail, originOf) {
      const known = state as AlikeRows
      for (const row of rows) {
        const texts = cells.map((each) => (each.nulls.has(row) ? null : cellText(each, row)))
        const base = texts.slice(0, by.length)
        if (base.includes(null)) continue
        const words = rowWords(texts.slice(by.length), JSON.stringify(base))
        if (words === undefined) continue
        const wasPartial = known.isPartial
        const alike = addRow(known, originOf(row).row, words, least, most)
        if (alike !== undefined)
          fail(row, { code: "duplicate.suspected", message: messageOf(alike, columns), severity: "warning", confidence })
        if (known.isPartial && !wasPartial) fail(row, { code: "duplicate.partial", message: partial, severity: "warning", confidence: 0 })
      }
    },
    merge: (one, other) => joinRows(one as AlikeRows, other as AlikeRows, most),
  }
}

const partial =
  "From here on, only a part of the near-duplicates is found, because too many rows are much alike or the memory is full. Name columns in by, or raise most."

function messageOf({ row, differs, similarity }: AlikeRow, columns: readonly string[]): string {
  const same = `Row ${row} has nearly the same ${columns.join(", ")}`
  if (differs === undefined) return `${same}: only case, accents, spaces, punctuation or the order of words differ.`
  const [earlier, here] = differs
  return `${same}, with ${quoted(earlier)} for ${quoted(here)} (${Math.floor(100 * similarity)} % alike).`
}
