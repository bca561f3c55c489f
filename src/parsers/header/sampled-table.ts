import type { CellValue } from "../../model/cell-value.ts"
import { apparentKind } from "./apparent-kind.ts"
import { type CellPatterns, type ColumnSummary, isYear, judgeCell, summariseColumn, typedKind } from "./column-summary.ts"
import { countedNames } from "./counted-names.ts"
import { isFormAbove } from "./form-above.ts"
import { joinHeader } from "./join-header.ts"
import { isUnitText } from "./unit-text.ts"

/** How many rows are judged; more rows reveal nothing more about the header. */
const bodyRows = 100
const bodyCells = 200_000
/** How many columns are judged, for the same reason. */
const judgedColumns = 1000
const maxSpan = 3
const longestLabel = 60
/** How many rows of titles a header may have above it, before a blank row. */
const mostTitles = 5

/** How much a row looks like a header, and how much it does not. */
export interface Judgement {
  readonly for: number
  readonly against: number
  /** Columns of numbers or dates in which the row has text. */
  readonly contrasts: number
  /** Columns in which the row looks like the rows below it. A blank cell does not. */
  readonly conflicts: number
  readonly because: readonly string[]
}

/** Decides which of the first rows of a table may be its header. */
export class SampledTable {
  readonly rows: readonly (readonly CellValue[])[]
  readonly #exactWidth: boolean
  /** The indexes of rows that are not blank. */
  readonly #filled: readonly number[]
  /** How many cells most rows have. */
  readonly #width: number
  readonly #summaries = new Map<number, readonly ColumnSummary[]>()
  readonly #patterns: CellPatterns = new Map()
  #usual: readonly number[] | undefined

  constructor(rows: readonly (readonly CellValue[])[], width: number | undefined) {
    this.rows = rows
    this.#exactWidth = width !== undefined
    this.#filled = rows.flatMap((row, at) => (row.some((cell) => apparentKind(cell) !== "empty") ? [at] : []))
    // A single row does not show how wide a table is.
    const isShown = width !== undefined && rows.filter(({ length }) => length === width).length > 1
    this.#width = isShown ? width : mostOften(this.#later().map((at) => rows[at]?.length ?? 0))
  }

  /** The later rows, so that lines above the table do not count as its rows. */
  #later(): readonly number[] {
    const filled = this.#filled
    return filled.length < 6 ? filled : filled.slice(Math.floor(filled.length / 3))
  }

  /** The columns that at least half of the rows fill. */
  #usualColumns(): readonly number[] {
    if (this.#usual !== undefined) return this.#usual
    const counts: number[] = []
    const later = this.#later().slice(0, this.#bodyLimit())
    for (const at of later) {
      this.rows[at]?.forEach((cell, j) => {
        if (cell !== null && cell !== "") counts[j] = (counts[j] ?? 0) + 1
      })
    }
    this.#usual = counts.flatMap((count, j) => (count * 2 >= later.length ? [j] : []))
    return this.#usual
  }

  #bodyLimit(): number {
    return Math.max(2, Math.min(bodyRows, Math.floor(bodyCells / (this.#width + 1))))
  }

  /** The first row that fills more than half of the usual columns. */
  firstFullRow(from: number, maxPreamble: number): number | undefined {
    const usual = this.#usualColumns()
    for (const at of this.#filled) {
      if (at < from) continue
      if (at > maxPreamble) break
      const row = this.rows[at] ?? []
      if (this.#exactWidth && row.length !== this.#width) continue
      const covered = usual.filter((j) => !isBlank(row[j])).length
      if (covered * 2 > usual.length) return this.#namesOfWider(from, at) ?? at
    }
    return this.#filled.find((at) => at >= from) ?? this.#filled[0]
  }

  /**
   * A row of names above rows with more cells than the first full one: a short report may have more headings and totals of groups than rows.
   */
  #namesOfWider(from: number, full: number): number | undefined {
    const filledIn = (at: number) => (this.rows[at] ?? []).filter((cell) => !isBlank(cell))
    const least = Math.max(2, filledIn(full).length)
    const [names, row] = this.#filled.filter((at) => at >= from && at < full && filledIn(at).length > least)
    if (names === undefined || row === undefined || (this.#exactWidth && this.rows[names]?.length !== this.#width)) return undefined
    const labels = filledIn(names)
    const areNames = labels.every((cell) => apparentKind(cell) === "text" && String(cell).length <= longestLabel)
    const { contrasts, conflicts } = this.judge(names)
    return areNames && new Set(labels).size === labels.length && contrasts > 0 && conflicts === 0 ? names : undefined
  }

  /**
   * The rows above the first full one that fill most columns too, but have more or fewer cells. They are records of the table with delimiters too
   * many or too few, or lines above it.
   */
  raggedAbove(top: number): readonly number[] {
    if (!this.#exactWidth || this.#filled[0] === top) return []
    const usual = this.#usualColumns()
    return this.#filled.filter((at) => {
      const cells = this.rows[at] ?? []
      return at < top && cells.length > 1 && usual.filter((j) => !isBlank(cells[j])).length * 2 > usual.length
    })
  }

  /** Finds a header that has more or fewer cells than the rows. Applies only if the first full row is not clearly a header itself. */
  raggedHeader(top: number): number | undefined {
    const ragged = this.raggedAbove(top)
    if (ragged.length === 0) return undefined
    const judged = this.judge(top)
    if (judged.for > judged.against && judged.conflicts === 0 && judged.contrasts > 0) return undefined
    const row = ragged.find((at) => this.#isNames(at))
    const title = row !== undefined && this.filledAbove(row) > 0 && judged.against <= judged.for
    return title ? undefined : row
  }

  /** Whether all cells of a row, but for one, are short texts that differ, or years. */
  #isNames(row: number): boolean {
    const cells = this.rows[row] ?? []
    const labels = cells.filter((cell) => !isBlank(cell))
    const { for: speaksFor, against } = this.judge(row)
    return (
      labels.length >= cells.length - 1 &&
      speaksFor >= against &&
      labels.every((cell) => (apparentKind(cell) === "text" || isYear(cell)) && String(cell).length <= longestLabel) &&
      new Set(labels).size === labels.length
    )
  }

  /** A row of names right above the first full row, which leaves some of the columns without one. */
  namesAbove(top: number): number | undefined {
    const row = top - 1
    const cells = this.rows[row] ?? []
    if (!this.#filled.includes(row) || (this.#exactWidth && cells.length !== this.#width)) return undefined
    const labels = cells.filter((cell) => !isBlank(cell))
    const judged = this.judge(row)
    const areNames = labels.every((cell) => apparentKind(cell) === "text" && String(cell).length <= longestLabel)
    const isHeader = labels.length > 1 && areNames && new Set(labels).size === labels.length
    return isHeader && judged.conflicts === 0 && judged.for >= judged.against ? row : undefined
  }

  nextFilled(from: number): number {
    return this.#filled.find((at) => at >= from) ?? this.rows.length
  }

  filledAbove(row: number): number {
    return this.#filled.filter((at) => at < row).length
  }

  /** The first row of a header whose lower row is known. A row right above it belongs to the header if it names groups of columns. */
  topOfHeader(row: number): number {
    const lower = this.rows[row] ?? []
    const upper = this.rows[row - 1]
    if (upper === undefined || !this.#filled.includes(row - 1)) return row
    if (this.#exactWidth && upper.length !== lower.length) return row
    const names = upper.filter((cell) => !isBlank(cell))
    const gains = new Set(joinHeader([upper, lower])).size - new Set(joinHeader([lower])).size
    // A title has one cell, or a few cells from the first column on. Group names distinguish equal names below them, or leave out the first
    // column, which names the rows.
    const groups = isBlank(upper[0]) && !isBlank(lower[0]) && names.every((cell) => apparentKind(cell) === "text")
    return names.length >= 2 && (gains > 0 || groups) ? row - 1 : row
  }

  /** Whether a full row above the table is neither header nor data: it has a number or a date in a column of text. */
  isTitle(row: number): boolean {
    if (this.filledAbove(row) === 0 || this.nextFilled(row + 1) === this.rows.length) return false
    const summaries = this.#summariesAfter(row)
    return (this.rows[row] ?? []).some((cell, j) => {
      const summary = summaries[j]
      const kind = apparentKind(cell)
      return summary !== undefined && summary.filled > 0 && (kind === "number" || kind === "date") && typedKind(summary) === undefined
    })
  }

  /**
   * The header of the table below a few rows that look like one, such as "Company: ACME, ..., Printed, 2025-01-01": a row of names, set apart by a
   * blank row, for columns that the rows above it leave out.
   */
  headerBehindGap(top: number): number | undefined {
    const behind = this.#filled.findIndex((at) => at > top && !this.#filled.includes(at - 1))
    const row = this.#filled[behind]
    const above = behind - this.#filled.indexOf(top)
    if (row === undefined || above > mostTitles || this.#filled.length - behind - 1 <= above) return undefined
    const isShort = this.#filled.slice(0, behind).every((at) => at < top || !this.#isFull(at))
    const { conflicts, contrasts } = this.judge(row)
    return isShort && conflicts === 0 && contrasts > 0 && this.#isFull(row) && this.#isNames(row) ? row : undefined
  }

  /** The header of the table below a form, which a blank row sets apart. */
  headerBelowForm(): number | undefined {
    const behind = this.#filled.findIndex((at, index) => index > 0 && this.#filled[index - 1] !== at - 1)
    const row = this.#filled[behind]
    if (row === undefined || behind > mostTitles || !this.#filled.includes(row + 1)) return undefined
    const above = this.#filled.slice(0, behind).map((at) => this.rows[at] ?? [])
    if (!isFormAbove(above, this.rows[row] ?? []) || !this.#isNames(row)) return undefined
    const { conflicts, contrasts } = this.judge(row)
    return conflicts === 0 && contrasts > 0 ? row : undefined
  }

  /** The header right below a full row that is not part of the table but happens to be as long as the header. */
  labelsBelow(row: number): number | undefined {
    if (this.filledAbove(row) === 0 || !this.#filled.includes(row + 1) || this.endOfHeader(row) > row) return undefined
    const judged = this.judge(row + 1)
    return this.#isLabels(row + 1, judged) && this.#isFull(row + 1) ? row + 1 : undefined
  }

  #isLabels(row: number, judged: Judgement): boolean {
    return judged.conflicts === 0 && judged.contrasts > 0 && judged.contrasts === this.#typedColumns(row)
  }

  /** The last row of a header that begins at `row`. */
  endOfHeader(row: number): number {
    let end = row
    while (end - row + 1 < maxSpan && this.#continues(row, end + 1)) end++
    return end
  }

  #continues(from: number, row: number): boolean {
    if (!this.#filled.includes(row) || this.nextFilled(row + 1) === this.rows.length) return false
    if (this.#exactWidth && this.rows[row]?.length !== this.#width) return false
    if (this.#isUnits(row)) return true
    const judged = this.judge(row)
    if (judged.conflicts > 0 || judged.for === 0) return false
    const upper = this.rows[from] ?? []
    const gaps = this.#usualColumns().some((j) => isBlank(upper[j]))
    const repeats = new Set(upper.map(String)).size < upper.length
    // Below a full row of different names, texts in one or two columns of numbers are notes in a data row, such as "closed".
    const complete = !gaps && !repeats && this.rows[row]?.some(isBlank) === false
    return (
      (judged.contrasts >= (complete ? 3 : 2) && (!complete || judged.contrasts === this.#typedColumns(row))) ||
      (gaps && (judged.contrasts > 0 || judged.for >= 1)) ||
      (repeats && new Set(this.rows[row]?.map(String)).size === this.rows[row]?.length)
    )
  }

  /** Whether a row has the units of some columns of numbers, and no more. */
  #isUnits(row: number): boolean {
    const cells = this.rows[row] ?? []
    const filled = cells.flatMap((cell, j) => (isBlank(cell) || apparentKind(cell) === "missing" ? [] : [j]))
    if (filled.length === 0 || !filled.every((j) => isUnitText(String(cells[j])))) return false
    const summaries = this.#summariesAfter(row)
    const areOfNumbers = filled.every((j) => summaries[j] !== undefined && typedKind(summaries[j]) === "number")
    return areOfNumbers && this.#usualColumns().some((j) => !filled.includes(j))
  }

  /** A row of labels below rows that happen to look like the body, such as "Report,2020" above names and numbers. */
  headerBelow(top: number): number | undefined {
    const filled = this.#filled.filter((at) => at > top && at <= top + 10)
    for (const at of filled) {
      const above = this.#filled.filter((row) => row >= top && row < at).length
      const judged = this.judge(at)
      const rest = this.#filled.length - above - 1
      if (this.#isLabels(at, judged) && this.#isFull(at) && rest >= 3 * above) return at
    }
    return undefined
  }

  #isFull(row: number): boolean {
    return this.#usualColumns().every((j) => !isBlank(this.rows[row]?.[j]))
  }

  #typedColumns(row: number): number {
    return this.#summariesAfter(row).filter((summary) => typedKind(summary) !== undefined).length
  }

  /** Judges how much a row looks like the header of the rows below it. */
  judge(row: number): Judgement {
    const summaries = this.#summariesAfter(row)
    const cells = this.rows[row] ?? []
    const others = () => this.#filled.flatMap((at) => (at === row ? [] : [this.rows[at] ?? []]))
    const counted = countedNames(cells, summaries, others)
    let speaksFor = 0
    let against = 0
    let contrasts = 0
    let conflicts = 0
    let repeats = 0
    const because = new Map<string, number>()
    const alike = new Set<string>()
    summaries.forEach((summary, j) => {
      const cell = cells[j] ?? null
      const [weight, reason] =
        counted !== undefined && apparentKind(cell) === "number" ? ([0.5, counted] as const) : judgeCell(cell, summary)
      if (weight > 0) speaksFor += weight
      else against -= weight
      if (weight === 1) contrasts++
      if (weight < 0) conflicts++
      if (reason !== "") because.set(reason, (because.get(reason) ?? 0) + 1)
      const text = String(cell ?? "")
      if (text !== "" && alike.has(text)) repeats++
      alike.add(text)
    })
    // Names may repeat, and values even more so.
    if (conflicts > 0) against += 0.25 * repeats
    if (summaries.every((summary) => summary.filled === 0)) return judgeAlone(cells)
    return {
      for: speaksFor,
      against,
      contrasts,
      conflicts,
      because: [...because].map(([reason, columns]) => `${reason} (${columns} of ${summaries.length} columns)`),
    }
  }

  /** Summarises the rows after a row, by column. Rows that may still belong to the header are left out if there are others. */
  #summariesAfter(row: number): readonly ColumnSummary[] {
    const after = this.#filled.filter((at) => at > row)
    const body = after.length >= 8 ? after.slice(maxSpan) : after
    const start = body[0] ?? -1
    const near = body.slice(0, this.#bodyLimit())
    const unlike = near.filter((at) => !this.#areAlike(at, row))
    const others = unlike.length * 4 >= near.length * 3 ? unlike : near
    const known = others.length === near.length ? this.#summaries.get(start) : undefined
    if (known !== undefined) return known
    const width = Math.min(judgedColumns, Math.max(this.#width, this.rows[row]?.length ?? 0))
    const summaries = Array.from({ length: width }, (_, j) => summariseColumn(this.rows, others, j, this.#patterns))
    if (others.length === near.length) this.#summaries.set(start, summaries)
    return summaries
  }

  /**
   * Whether a row of several cells is repeated, as a header is above a second table, which may have more or fewer columns. Rows that repeat
   * often are data.
   */
  #areAlike(a: number, b: number): boolean {
    const cells = this.rows[a] ?? []
    const others = this.rows[b] ?? []
    const shared = cells.slice(0, others.length)
    return shared.length > 1 && shared.every((cell, j) => cell === others[j] && !isBlank(cell))
  }
}

/** Judges a row without rows below it: it is a header without data, unless it contains values. */
function judgeAlone(cells: readonly CellValue[]): Judgement {
  const filled = cells.filter((cell) => !isBlank(cell))
  const values = filled.filter((cell) => ["number", "date", "boolean"].includes(apparentKind(cell))).length
  if (values * 3 < filled.length || values === 0) return { for: 0, against: 0, contrasts: 0, conflicts: 0, because: [] }
  return { for: 0, against: values, contrasts: 0, conflicts: values, because: [`it contains ${values} values`] }
}

function isBlank(cell: CellValue | undefined): boolean {
  return cell === undefined || apparentKind(cell) === "empty"
}

/** The most common width. Of widths that occur equally often, and more than once, the greater: lines above a table are short. */
function mostOften(widths: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1)
  return [...counts].reduce(
    (most, one) => (one[1] > most[1] || (one[1] === most[1] && one[1] > 1 && one[0] > most[0]) ? one : most),
    [0, 0],
  )[0]
}
