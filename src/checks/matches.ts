import { quoted } from "../cells/readers/quoted.ts"
import { runWithin } from "../cells/run-within.ts"
import type { KeyCheck } from "../contract/check.ts"
import { RowgateError } from "../errors/rowgate-error.ts"
import type { Column } from "../model/column.ts"
import type { Selection } from "../model/selection.ts"
import { checkArgument } from "../options/check-argument.ts"
import { checkOptions } from "../options/check-options.ts"
import { kind, milliseconds, text as textKind } from "../options/option-kinds.ts"
import { cellText } from "./cell-text.ts"

/** Options of `matches`. */
export interface MatchesOptions {
  /** What the values are, with an article: `an order number`. Default: the pattern itself. */
  readonly name?: string | undefined
  /** The most milliseconds that the pattern may take for a batch of cells. Default: 5,000. */
  readonly timeoutMs?: number | undefined
}

/**
 * Checks that the text of a value matches a pattern: `matches("code", /^[A-Z]{3}-\d{4}$/, { name: "an order code" })`. Some patterns take years for some texts; if the
 * time runs out, the delivery stops with `PIPELINE_INVALID`, which names the place, and nothing hangs. A failure (`pattern.mismatch`) costs validity.
 */
export function matches<const K extends string>(column: K, pattern: RegExp, options: MatchesOptions = {}): KeyCheck<K> {
  checkArgument("The column of matches()", column, textKind("the name of a column"), "PIPELINE_INVALID")
  checkArgument("The pattern of matches()", pattern, patternKind, "PIPELINE_INVALID")
  checkOptions<MatchesOptions>("matches()", options, { name: textKind(), timeoutMs: milliseconds(1) })
  const { timeoutMs = 5000, name = `a text that matches ${pattern}` } = options
  const rule = `matches.${column}`
  return {
    kind: "key",
    name: rule,
    columns: [column],
    dimension: "validity",
    parameters: { pattern: String(pattern) },
    fixedState: true,
    begin: () => undefined,
    test([cells], rows, _state, fail) {
      if (cells === undefined) return
      const wrong: number[] = []
      const progress = { row: 0 }
      if (!runWithin(timeoutMs, () => findWrong(cells, rows, pattern, progress, wrong))) throw endless(rule, timeoutMs, cells, progress.row)
      for (const row of wrong) fail(row, { code: "pattern.mismatch", message: `${quoted(cellText(cells, row))} is not ${name}.`, column })
    },
  }
}

const patternKind = kind<RegExp>(
  "a regular expression without the flags g and y",
  (value) => value instanceof RegExp && !value.global && !value.sticky,
)

function findWrong(cells: Column<unknown>, rows: Selection, pattern: RegExp, progress: { row: number }, wrong: number[]): void {
  const codes = cells.kind === "dictionary" ? (cells as Column<string>).dictionary().codes : undefined
  const known = new Map<number, boolean>()
  for (const row of rows) {
    if (cells.nulls.has(row)) continue
    const code = codes?.[row]
    progress.row = row
    const isRight = (code === undefined ? undefined : known.get(code)) ?? pattern.test(cellText(cells, row))
    if (code !== undefined) known.set(code, isRight)
    if (!isRight) wrong.push(row)
  }
}

function endless(rule: string, timeoutMs: number, cells: Column<unknown>, row: number): RowgateError {
  return new RowgateError({
    code: "PIPELINE_INVALID",
    message: `The pattern of ${rule} took more than ${timeoutMs} ms; it was at a text of ${cellText(cells, row).length} characters.`,
    remedy: "Write the pattern without a repetition inside another one, such as (a+)+, or raise timeoutMs.",
  })
}
