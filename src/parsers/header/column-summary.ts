import type { CellValue } from "../../model/cell-value.ts"
import { type ApparentKind, apparentKind } from "./apparent-kind.ts"
import { isTellingShape, textShape } from "./text-shape.ts"

/** What the rows of the body hold in one column. */
export interface ColumnSummary {
  filled: number
  readonly kinds: Map<ApparentKind, number>
  readonly shapes: Map<string, number>
  readonly values: Set<string>
  shortest: number
  longest: number
}

/** What a cell is like. */
interface CellLook {
  readonly kind: ApparentKind
  readonly shape: string
  /** As much of its text as is compared. */
  readonly text: string
  readonly length: number
}

/** The looks of cells that were met before: a text may stand in all cells, and the rows may be looked at ten times. */
export type CellLooks = Map<CellValue, CellLook>

/** Looks at a column of some rows. */
export function summariseColumn(
  rows: readonly (readonly CellValue[])[],
  body: readonly number[],
  column: number,
  looks: CellLooks,
): ColumnSummary {
  const look: ColumnSummary = {
    filled: 0,
    kinds: new Map(),
    shapes: new Map(),
    values: new Set(),
    shortest: Number.POSITIVE_INFINITY,
    longest: 0,
  }
  for (const at of body) {
    const cell = rows[at]?.[column] ?? null
    const { kind, shape, text, length } = looks.get(cell) ?? lookAt(cell, looks)
    if (kind === "empty" || kind === "missing") continue
    look.filled++
    look.kinds.set(kind, (look.kinds.get(kind) ?? 0) + 1)
    look.shapes.set(shape, (look.shapes.get(shape) ?? 0) + 1)
    look.values.add(text)
    look.shortest = Math.min(look.shortest, length)
    look.longest = Math.max(look.longest, length)
  }
  return look
}

function lookAt(cell: CellValue, looks: CellLooks): CellLook {
  const kind = apparentKind(cell)
  const text = kind === "empty" || kind === "missing" ? "" : String(cell).trim()
  const look = { kind, shape: kind === "text" ? textShape(text) : kind, text: text.slice(0, 200), length: text.length }
  looks.set(cell, look)
  return look
}

/** The kind of a column of numbers, dates or booleans; undefined where it holds text, or too many kinds. */
export function typedKind(look: ColumnSummary): ApparentKind | undefined {
  for (const [kind, count] of look.kinds) if (kind !== "text" && count >= look.filled * 0.8) return kind
  return undefined
}

/** How much a cell speaks for being the name of the column below it; below 0 against. */
export function judgeCell(cell: CellValue, look: ColumnSummary): readonly [weight: number, reason: string] {
  const kind = apparentKind(cell)
  if (look.filled === 0 || kind === "missing" || kind === "empty") return [0, ""]
  const typed = typedKind(look)
  if (typed !== undefined) {
    if (kind === "text") return [1, `text over ${typed}s`]
    return kind === typed ? [-1, `a ${kind} over ${typed}s`] : [0.3, `a ${kind} over ${typed}s`]
  }
  if (kind === "number" || kind === "date") return [-0.7, `a ${kind} over text`]
  return judgeText(String(cell).trim(), look)
}

function judgeText(text: string, look: ColumnSummary): readonly [weight: number, reason: string] {
  if (look.values.has(text.slice(0, 200))) return [-1, "a text that the rows below repeat"]
  const [shape, often] = [...look.shapes].reduce((most, one) => (one[1] > most[1] ? one : most), ["", 0])
  if (look.filled >= 3 && often >= look.filled * 0.8 && isTellingShape(shape)) {
    return textShape(text) === shape ? [-0.6, "text of the same shape as below"] : [0.6, "text of another shape than below"]
  }
  if (look.filled >= 8 && look.values.size * 3 <= look.filled) return [0.5, "a text that a column of few values does not have"]
  if (look.filled >= 5 && look.shortest === look.longest) {
    return text.length === look.shortest ? [-0.2, "text as long as all below"] : [0.4, "text of another length than all below"]
  }
  return [0, ""]
}
