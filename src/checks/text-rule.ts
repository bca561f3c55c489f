import type { KeyCheck, KeyFinding } from "../contract/check.ts"
import type { Context } from "../contract/context.ts"
import type { Column } from "../model/column.ts"
import type { Dimension } from "../model/dimension.ts"
import type { JsonValue } from "../model/json-value.ts"
import type { Selection } from "../model/selection.ts"
import { cellText } from "./cell-text.ts"

/** Says what is wrong with the text of a cell. Its answer depends on nothing else, so that equal texts need it once. */
export type JudgeText = (text: string, isNumber: boolean) => KeyFinding | undefined

/** A check of single cells by their texts. */
export interface TextRule<K extends string> {
  readonly name: string
  readonly column: K
  readonly dimension: Dimension
  /** What the rule requires, for the hash of the ruleset. */
  readonly parameters?: JsonValue | undefined
  /** Called once for each delivery. */
  begin(context: Context): JudgeText | Promise<JudgeText>
}

/** Makes a check that judges each cell with a value. */
export function textRule<const K extends string>({ name, column, dimension, parameters, begin }: TextRule<K>): KeyCheck<K> {
  return {
    kind: "key",
    name,
    columns: [column],
    dimension,
    parameters,
    fixedState: true,
    begin,
    test([cells], rows, state, fail) {
      if (cells !== undefined) judgeTexts(cells, rows, state as JudgeText, fail)
    },
  }
}

function judgeTexts(cells: Column<unknown>, rows: Selection, judge: JudgeText, fail: (row: number, found: KeyFinding) => void): void {
  const isNumber = cells.kind === "number"
  const codes = cells.kind === "dictionary" ? (cells as Column<string>).dictionary().codes : undefined
  const known = new Map<number, KeyFinding | undefined>()
  for (const row of rows) {
    if (cells.nulls.has(row)) continue
    const code = codes?.[row]
    let found: KeyFinding | undefined
    if (code !== undefined && known.has(code)) found = known.get(code)
    else {
      found = judge(cellText(cells, row), isNumber || typeof cells.at(row) === "number")
      if (code !== undefined) known.set(code, found)
    }
    if (found !== undefined) fail(row, found)
  }
}
