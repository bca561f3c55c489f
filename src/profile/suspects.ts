import type { CountedMinima } from "../sketch/counted-minima.ts"
import type { CellFacts } from "./cell-facts.ts"
import type { ColumnSketch } from "./column-sketch.ts"
import { disguisedDays, disguisedNulls, disguisedWords } from "./disguised-nulls.ts"
import { instantsOf } from "./instants-of.ts"
import { type SeenCell, shownCell } from "./seen-cell.ts"
import type { Suspect, ValueCount } from "./table-profile.ts"
import { type CellType, cellTypes } from "./text-type.ts"

/** The share of cells of one type that makes the others odd. Text is often mixed, so nearly all cells must be text. */
const usualShare = { text: 0.99, other: 0.9 }
/** A pattern is rare below this share, if the common patterns make up nearly all cells. */
const rareShare = 0.01
const commonShare = 0.05
const allCommon = 0.95
/** Fewer cells than this have no usual pattern and no usual range. */
const fewCells = 20
/** How much farther from zero than the median a number must be to stand for no value. */
const farOut = 4
/** How many days from the median a date must be to stand for no value. */
const farDays = 366
const mostExamples = 5

/** The cells of a column that may be wrong, by simple rules. The same cells give the same suspects in any order. */
export function suspectsOf(column: ColumnSketch, facts: CellFacts, kind: string): readonly Suspect[] {
  const words = disguisedWordsOf(facts)
  const found = [
    oddTypes(facts, words),
    disguised(facts, words),
    kind === "text" ? rarePatterns(facts) : undefined,
    padded(facts),
    kind === "text" ? variants(column) : undefined,
  ]
  return found.filter((suspect) => suspect !== undefined)
}

const families: readonly { readonly name: string; readonly types: readonly CellType[]; readonly share: number }[] = [
  { name: "numbers", types: ["integer", "decimal"], share: usualShare.other },
  { name: "dates", types: ["date", "timestamp"], share: usualShare.other },
  { name: "true or false", types: ["boolean"], share: usualShare.other },
  { name: "text", types: ["text"], share: usualShare.text },
]

/** Cells of another type than nearly all others. Integers are decimals, and dates are timestamps. Words for nulls are not counted again. */
function oddTypes({ types, typeExamples }: CellFacts, words: readonly ValueCount[]): Suspect | undefined {
  const isWord = ({ value }: ValueCount) => words.some((word) => word.value === value.trim().toLowerCase())
  const countOf = (type: CellType) => types[cellTypes.indexOf(type)] ?? 0
  const total = sum(cellTypes.map(countOf))
  const usual = families.find(({ types: own, share }) => total > 0 && sum(own.map(countOf)) >= share * total)
  if (usual === undefined) return undefined
  const odd = cellTypes.filter((type) => !usual.types.includes(type))
  const count = sum(odd.map(countOf)) - (odd.includes("text") ? sum(words.map((word) => word.count)) : 0)
  const examples = odd.flatMap((type) => counted(typeExamples[cellTypes.indexOf(type)])).filter((each) => !isWord(each))
  return suspect("type", count, `Nearly all cells are ${usual.name}, but ${cells(count, "is", "are")} not.`, examples)
}

/** The words among the cells that stand for no value. A code such as NA is none if other codes look like it. */
function disguisedWordsOf({ disguised: counts, patterns }: CellFacts): readonly ValueCount[] {
  const found = disguisedNulls.map((value, at) => ({ value, count: counts[at] ?? 0 })).slice(0, disguisedWords)
  const capitals = new Map(patterns.frequent().map(({ value, count }) => [value.pattern, count]))
  return found.filter(
    ({ value, count }) => count > 0 && !(/^[a-z]+$/.test(value) && (capitals.get("A".repeat(value.length)) ?? 0) > 2 * count),
  )
}

/** Words, and numbers and dates far from all others, that may stand for no value. */
function disguised(facts: CellFacts, words: readonly ValueCount[]): Suspect | undefined {
  const found = [...words, ...disguisedNumbers(facts), ...disguisedDates(facts)].sort(byCount)
  const count = sum(found.map((each) => each.count))
  return suspect("null", count, `${cells(count, "has", "have")} a value that may stand for no value.`, found)
}

function disguisedNumbers({ disguised: counts, written, numbers: common }: CellFacts): readonly ValueCount[] {
  const { quantiles: numbers, range } = written.readAs({}, common)
  const { least, greatest } = range
  const median = numbers.quantile(0.5) ?? 0
  return disguisedNulls.slice(disguisedWords).flatMap((value, at) => {
    const number = Number(value)
    const count = counts[disguisedWords + at] ?? 0
    const isFar = number === -1 ? median > 1 : Math.abs(number) > farOut * Math.abs(median)
    return count > 1 && numbers.count >= fewCells && isFar && (number === least || number === greatest) ? [{ value, count }] : []
  })
}

function disguisedDates(facts: CellFacts): readonly ValueCount[] {
  const { days } = instantsOf(facts)
  const median = days.quantile(0.5) ?? 0
  const ends = [days.quantile(0), days.quantile(1)]
  return disguisedDays.flatMap(({ value, day }) => {
    const count = days.countOf(day)
    return count > 1 && days.count >= fewCells && ends.includes(day) && Math.abs(day - median) > farDays ? [{ value, count }] : []
  })
}

/** Patterns of at most 1 % of the cells, or of a single one, where patterns of at least 5 % each make up at least 95 %. */
function rarePatterns({ patterns }: CellFacts): Suspect | undefined {
  const { total } = patterns
  const known = patterns.frequent()
  const common = sum(known.filter(({ count }) => count >= commonShare * total).map(({ count }) => count))
  if (total < fewCells || common < allCommon * total) return undefined
  const most = Math.max(1, rareShare * total)
  const count = total - sum(known.filter((each) => each.count > most).map((each) => each.count))
  const rare = patterns.minima.entries().filter((each) => each.count <= most)
  const examples = rare.map((each) => ({ value: shownCell(each.value.example), count: each.count }))
  return suspect("pattern", count, `${cells(count, "has", "have")} a rare pattern.`, examples.sort(byCount))
}

function padded({ paddedCells, padded: examples }: CellFacts): Suspect | undefined {
  return suspect("space", paddedCells, `${cells(paddedCells, "begins or ends", "begin or end")} with white space.`, counted(examples))
}

/** Values that differ from a more frequent one only in case and inner white space, while all values are known. */
function variants({ values: { minima } }: ColumnSketch): Suspect | undefined {
  if (minima.isSample) return undefined
  const groups = new Map<string, Map<string, number>>()
  for (const { value, count } of minima.entries()) {
    if (value.type !== "text") continue
    const text = value.text.trim()
    const folded = text.replace(/\s+/g, " ").toLowerCase()
    const group = groups.get(folded) ?? new Map<string, number>()
    groups.set(folded, group)
    group.set(text, (group.get(text) ?? 0) + count)
  }
  const listed = [...groups.values()].map((group) => [...group].map(([value, count]) => ({ value, count })).sort(byCount))
  const odd = listed.flatMap((group) => group.slice(1)).sort(byCount)
  const count = sum(odd.map((each) => each.count))
  return suspect("case", count, `${cells(count, "differs", "differ")} from a more frequent value only in case or white space.`, odd)
}

function suspect(reason: Suspect["reason"], count: number, message: string, examples: readonly ValueCount[]): Suspect | undefined {
  return count > 0 ? { reason, message, count, examples: examples.slice(0, mostExamples) } : undefined
}

function counted(cellsOf: CountedMinima<SeenCell> | undefined): readonly ValueCount[] {
  return (cellsOf?.entries() ?? []).map(({ value, count }) => ({ value: shownCell(value), count })).sort(byCount)
}

/** The most frequent first, and equally frequent ones by code unit. */
export function byCount(one: ValueCount, other: ValueCount): number {
  return other.count - one.count || (one.value < other.value ? -1 : one.value > other.value ? 1 : 0)
}

function cells(count: number, one: string, many: string): string {
  return count === 1 ? `1 cell ${one}` : `${count.toLocaleString("en-US")} cells ${many}`
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
