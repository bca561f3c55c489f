import { quoted } from "../cells/readers/quoted.ts"
import type { KeyCheck } from "../contract/check.ts"
import { type Dimension, dimensions } from "../model/dimension.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { number, oneOf, text as textKind } from "../options/option-kinds.ts"
import { TextPattern } from "../profile/text-pattern.ts"
import { cellText } from "./cell-text.ts"

/** Options of `commonFormat`. */
export interface CommonFormatOptions {
  /** How sure a finding is, 0 to 1. It is a warning, and takes half of this from the cell. Default: 0.3. */
  readonly confidence?: number | undefined
  /** The dimension that loses points. Default: `"consistency"`. */
  readonly dimension?: Dimension | undefined
}

/** The patterns of the first values of a column, in the order of the file. */
interface Sample {
  readonly patterns: string[]
}

const [fewest, most] = [100, 1000]
/** A pattern is usual if at least this share of the values has it, and the column has formats at all if usual patterns cover most values. */
const [leastShare, leastCovered] = [0.02, 0.97]

/**
 * Suspects texts whose form is rare in the column, such as `12.03.2025` among `2025-03-12`: `format.rare`, a warning of low confidence. The usual forms come from
 * the first thousand values. A column of free text, whose forms vary, is not judged.
 */
export function commonFormat<const K extends string>(column: K, options: CommonFormatOptions = {}): KeyCheck<K> {
  checkArgument("The column of commonFormat()", column, textKind("the name of a column"), "PIPELINE_INVALID")
  checkOptions<CommonFormatOptions>("commonFormat()", options, { confidence: number(0, 1), dimension: oneOf(...dimensions) })
  const { confidence = 0.3, dimension = "consistency" } = options
  return {
    kind: "key",
    name: `commonFormat.${column}`,
    columns: [column],
    dimension,
    parameters: { confidence },
    begin: (): Sample => ({ patterns: [] }),
    test([cells], rows, state, fail) {
      if (cells === undefined) return
      const { patterns } = state as Sample
      const pattern = new TextPattern()
      const found: (readonly [row: number, pattern: string])[] = []
      for (const row of rows) {
        if (cells.nulls.has(row)) continue
        const bytes = Buffer.from(cellText(cells, row))
        pattern.read(bytes, 0, bytes.length)
        const form = pattern.toString()
        found.push([row, form])
        if (patterns.length < most) patterns.push(form)
      }
      const usual = usualPatterns(patterns)
      if (usual === undefined) return
      const [common = ""] = usual
      for (const [row, form] of found) {
        if (usual.has(form)) continue
        const message = `${quoted(cellText(cells, row))} has a rare form; most values look like ${common}.`
        fail(row, { code: "format.rare", message, severity: "warning", confidence })
      }
    },
    merge(one, other) {
      const [first, second] = [(one as Sample).patterns, (other as Sample).patterns]
      return { patterns: [...first, ...second.slice(0, most - first.length)] } satisfies Sample
    },
  }
}

/** The usual patterns, the most frequent one first. Undefined if there are too few values, or if they have no usual form. */
function usualPatterns(patterns: readonly string[]): ReadonlySet<string> | undefined {
  if (patterns.length < fewest) return undefined
  const counts = new Map<string, number>()
  for (const pattern of patterns) counts.set(pattern, (counts.get(pattern) ?? 0) + 1)
  const usual = [...counts].filter(([, count]) => count >= leastShare * patterns.length).sort(([, one], [, other]) => other - one)
  const covered = usual.reduce((sum, [, count]) => sum + count, 0)
  return covered >= leastCovered * patterns.length ? new Set(usual.map(([pattern]) => pattern)) : undefined
}
