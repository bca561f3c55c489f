import type { ColumnType } from "./column-type.ts"
import type { ColumnValues, JudgedValue, Shares } from "./column-values.ts"
import { detectThresholds as limits } from "./detect-thresholds.ts"
import { ramp, type Suspicion } from "./suspicion.ts"
import type { ValueForm } from "./value-form.ts"

/** Judges how a value is written, compared with the others of its column: its type, its layout, its pattern, its letters, and white space around it. */
export function formatJudge(column: ColumnValues, type: ColumnType): (value: JudgedValue) => readonly Suspicion[] {
  if (column.filled < limits.fewCells) return () => []
  const layouts = column.shares(layoutOf)
  const ofType = column.shares((form) => (form.kind === type.kind ? layoutOf(form) : undefined))
  const kinds = column.shares((form) => (/^9(?:-9)+$/.test(form.layout) ? "code" : form.kind))
  const patterns = column.shares(({ pattern }) => pattern)
  const shapes = column.shares(({ pattern }) => shapeOf(pattern))
  const letters = column.shares((form) => (form.letters === "none" ? undefined : form.letters))
  const padded = column.shares((_, value) => (value === value.trim() ? "bare" : "padded"))
  const leadingZeros = column.shares((_, value) => (/^0\d/.test(value) ? "zero" : "none"))
  const areCodes = type.kind !== "number" || leadingZeros.count("zero") > 0
  return ({ text: value, form, count }) => {
    const found = [
      oddType(column, type, count, form),
      form.kind === type.kind ? mixedLayout(ofType, form) : rareLayout(layouts, form, type),
      madeDate(kinds, form),
      areCodes ? oddPattern(patterns, shapes, form) : undefined,
      oddLetters(letters, form),
      value === value.trim() || padded.of("padded") > 1 - limits.allCommon ? undefined : spaced(value),
    ]
    return found.filter((each) => each !== undefined)
  }
}

function layoutOf({ layout, unit, kind }: ValueForm): string {
  // A number below a thousand is written alike with and without separators of thousands.
  return kind === "number" && unit === undefined && layout === "9,999" ? "9" : layout
}

function oddType(column: ColumnValues, type: ColumnType, count: number, form: ValueForm): Suspicion | undefined {
  if (type.kind === "text" || form.kind === type.kind) return undefined
  const isFrequent = count > limits.oddTypeShare * column.filled
  const usual = type.kind === "number" ? "numbers" : "dates or times"
  const message = `${Math.floor(type.share * 100)} % of the cells are ${usual}; this one is not.`
  return {
    reason: "type",
    weight: (isFrequent ? limits.frequentOddType : limits.oddType) * ramp(type.share, 0.5, limits.typeShare),
    message,
  }
}

/** A minority layout among numbers or among moments: such a column has one right layout. */
function mixedLayout(layouts: Shares, form: ValueForm): Suspicion | undefined {
  const own = layoutOf(form)
  const { top } = layouts
  if (top === undefined || own === top) return undefined
  const share = layouts.of(own)
  if (share > limits.mixRatio * layouts.of(top)) return undefined
  const weight = share <= limits.rareMixShare ? limits.rareMixedLayout : limits.mixedLayout
  return {
    reason: "format",
    weight: weight * ramp(layouts.of(top), 0.1, 0.3),
    message: `It is written as ${own}; most cells are written as ${top}.`,
  }
}

function rareLayout(layouts: Shares, { layout }: ValueForm, type: ColumnType): Suspicion | undefined {
  if (type.kind !== "text") return undefined
  const share = layouts.of(layout)
  const { top } = layouts
  const isWords = top === "w"
  const usual = top === undefined ? 0 : layouts.of(top)
  if (!isWords && layout !== top && usual >= limits.dominantLayout && share <= limits.commonLayout)
    return oddLayout(limits.besideDominant + (limits.oddLayout - limits.besideDominant) * ramp(share, limits.commonLayout, 0), layout, top)
  const covered = layouts.covered(limits.commonLayout)
  if (share > limits.rareLayout && layouts.count(layout) > 1) return undefined
  const all = isWords ? limits.allWords : limits.allCommon
  const weight = isWords ? limits.oddLayoutOfWords : limits.oddLayout
  return oddLayout(weight * ramp(covered, all - (1 - all), all) * ramp(usual, 0.3, 0.6), layout, top)
}

function oddLayout(weight: number, layout: string, top: string | undefined): Suspicion | undefined {
  return weight === 0 ? undefined : { reason: "format", weight, message: `Its layout ${layout} is rare; most cells are written as ${top}.` }
}

/** A date with the name of a month among codes of digits: spreadsheets make 23-Apr of 4-23. */
function madeDate(kinds: Shares, form: ValueForm): Suspicion | undefined {
  if (form.kind !== "moment" || form.number !== undefined || !/m/.test(form.layout)) return undefined
  if (kinds.of("code") < limits.typeShare || kinds.of("moment") > limits.mostMadeDates) return undefined
  return {
    reason: "type",
    weight: limits.madeDate,
    message: "It is a date among codes, as spreadsheets make of codes that look like dates.",
  }
}

/** A rare pattern beside the fixed one of a code. */
function oddPattern(patterns: Shares, shapes: Shares, { pattern, layout }: ValueForm): Suspicion | undefined {
  const { top = "" } = patterns
  if (pattern === top || top === "…" || (layout === "w" && top.length > 4)) return undefined
  const isLength = shapeOf(pattern) === shapes.top
  const usual = patterns.of(top)
  if (usual < (isLength ? limits.fixedDigits : limits.fixedPattern) || top.length < 2) return undefined
  if (patterns.of(pattern) > limits.rarePattern && patterns.count(pattern) > 1) return undefined
  return { reason: "format", weight: limits.oddPattern, message: `Its pattern ${pattern} is rare; most cells have ${top}.` }
}

/** A pattern without the lengths of its runs. */
function shapeOf(pattern: string): string {
  let shape = ""
  for (const sign of pattern) if (!shape.endsWith(sign)) shape += sign
  return shape
}

function oddLetters(letters: Shares, form: ValueForm): Suspicion | undefined {
  const { top } = letters
  if (top === undefined || form.letters === "none" || form.letters === top || letters.of(top) < limits.usualLetters) return undefined
  return { reason: "format", weight: limits.oddLetters, message: "Its capital and small letters are unlike those of the other cells." }
}

function spaced(value: string): Suspicion {
  return { reason: "space", weight: limits.space, message: "White space surrounds the value.", expected: value.trim() }
}
