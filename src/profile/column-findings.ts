import { booleanPairs, booleanWord, literalPair } from "../cells/boolean-words.ts"
import type { ColumnEvidence } from "./column-evidence.ts"
import { nameEvidence } from "./column-name.ts"
import type { LocaleHabits } from "./locale-habits.ts"
import type { NumberFindings } from "./number-evidence.ts"
import { numberRemarks } from "./number-remarks.ts"
import type { ColumnRemark, KindDoubt, ProposedColumn, ProposedReading } from "./proposal.ts"
import { firstSerial, lastSerial } from "./serial-days.ts"
import { type CellExample, Tally } from "./tally.ts"
import { textRemarks } from "./text-remarks.ts"
import { thresholds } from "./thresholds.ts"
import { wilsonBound } from "./wilson.ts"

/** A kind that a column may have. */
interface Candidate {
  readonly kind: ProposedColumn["kind"]
  readonly reading: ProposedReading
  readonly agreeing: readonly { readonly label: string; readonly tally: Tally }[]
  /** Cells in the form of the kind without a value, such as 30 February. */
  readonly impossible?: number
  /** Cells that would have the kind if others were written in another way: 1,234.50 among 1.234,50. */
  readonly contrary?: Tally | undefined
  /** Why the column stays text although the cells agree. */
  readonly doubt?: KindDoubt | undefined
  /** What the cells leave open. */
  readonly remarks?: readonly ColumnRemark[]
  /** Whether the cells are known to be text: a leading zero, a phone number, a code. */
  readonly isText?: boolean
}

/** The decimal sign that the numbers of a column prove; undefined if they have no separators. */
export function provenSign({ numbers, percents }: ColumnEvidence): "." | "," | undefined {
  const found = [numbers, percents]
    .filter(({ count }) => count > 0)
    .map((each) => each.findings(undefined))
    .map(({ proves, lists }) => (lists === undefined ? proves : undefined))
  return found.find((sign) => sign !== undefined)
}

/** Decides what a column is. `habits` decide where its own cells do not: the locale's, or the decimal sign that the other columns prove. */
export function proposedColumn(name: string, column: ColumnEvidence, habits: LocaleHabits): ProposedColumn {
  const [best, ...rest] = candidates(name, column, habits).sort((one, other) => countOf(other) - countOf(one))
  const nullTexts = [...column.nullTexts, ...column.errors]
  const nulled = nullTexts.reduce((sum, [, { count }]) => sum + count, 0)
  const cells = column.cells - nulled
  if (best === undefined || countOf(best) === 0 || best.isText === true || best.doubt !== undefined || !agrees(best, cells))
    return asText(name, column, best === undefined ? undefined : doubtOf(best, rest, cells, column))
  const agreeing = countOf(best)
  const { remarks = [] } = best
  return {
    name,
    kind: best.kind,
    reading: best.reading,
    nulls: column.nulls + nulled,
    filled: column.nulls + nulled === 0,
    nullTexts: nullTexts.map(([text, { count }]) => ({ text, cells: count })),
    evidence: evidenceOf(cells, agreeing, best.agreeing),
    odd: oddCells(column, best, cells - agreeing),
    ...(remarks.length === 0 ? {} : { remarks }),
  }
}

/** Cells without a value in the form of the kind do not count against it, because no other kind explains them. */
function agrees(candidate: Candidate, cells: number): boolean {
  const { impossible = 0 } = candidate
  const agreeing = countOf(candidate)
  if (agreeing < cells * thresholds.leastShareBesideImpossible) return false
  return agreeing + impossible === cells || wilsonBound(agreeing + impossible, cells) >= thresholds.leastBound
}

function candidates(name: string, column: ColumnEvidence, { sign, order }: LocaleHabits): Candidate[] {
  return [numberOf(name, column, sign), percentOf(column, sign), dateOf(name, column, order), ...booleansOf(name, column), jsonOf(column)]
}

function numberOf(name: string, column: ColumnEvidence, proven: "." | "," | undefined): Candidate {
  const { numbers, wholes, fractions, mixed, units } = column
  const found = numbers.findings(proven)
  const texts = found.agreeing.reduce((sum, { tally }) => sum + tally.count, 0)
  const hasCurrency = numbers.currencies.size > 0
  const isWhole = found.isWhole && fractions.count === 0 && !hasCurrency
  const { namesCode, namesVersion } = nameEvidence(name)
  const isCode = texts > 0 && (isWhole ? numbers.leastDigits >= thresholds.leastCodeDigits && namesCode : namesVersion && !hasCurrency)
  // Text of letters and digits among whole numbers shows that they are ids: 536365 and C536379.
  const codes = Tally.sum([mixed, ...units.values(), ...(found.codes === undefined ? [] : [found.codes])])
  return {
    kind: isWhole ? "integer" : "decimal",
    reading: { ...notationOf(found), ...amountOf(numbers) },
    agreeing: [...found.agreeing, { label: "whole number cells", tally: wholes }, { label: "number cells", tally: fractions }],
    contrary: found.contrary,
    remarks: numberRemarks(name, column, found),
    doubt:
      numbers.zeros.count > 0 || found.arePhones || isCode
        ? undefined
        : (undecidedNumbers(found.undecided) ??
          fewCommas(found.lists) ??
          mixedCurrencies(numbers.currencies) ??
          (isWhole && codes.count > 0 ? (numbersWithWords(column, column.cells) ?? ids(codes)) : undefined)),
    isText: numbers.zeros.count > 0 || found.arePhones || isCode,
  }
}

function percentOf({ numbers, percents }: ColumnEvidence, proven: "." | "," | undefined): Candidate {
  const found = percents.findings(proven)
  const nothings = new Tally()
  if (percents.count > 0) nothings.count = numbers.nothings
  return {
    kind: "decimal",
    reading: { ...notationOf(found), ...amountOf(percents), percent: true },
    agreeing: [
      ...found.agreeing.map(({ label, tally }) => ({ label: `percent, ${label}`, tally })),
      { label: "zero without a percent sign", tally: nothings },
    ],
    contrary: found.contrary,
    doubt: undecidedNumbers(found.undecided),
  }
}

function notationOf({ convention: { decimal, group, pairs } }: NumberFindings): ProposedReading {
  if (decimal === "." && group === "") return {}
  return { decimal, ...(group === "" ? {} : { group }), ...(pairs === undefined ? {} : { pairs }) }
}

function amountOf({ currencies, accounting }: ColumnEvidence["numbers"]): ProposedReading {
  const [currency] = currencies.keys()
  return { ...(currency === undefined ? {} : { currency }), ...(accounting.count > 0 ? { accounting: true } : {}) }
}

function dateOf(name: string, { dates }: ColumnEvidence, order: LocaleHabits["order"]): Candidate {
  const { agreeing, impossible, contrary, hasTime, formats, language, pivot, doubt, remarks } = dates.findings(order)
  const reasons = {
    order: "The dates may be day-first or month-first, and no cell proves which.",
    year: "The dates may begin with the day or with the year, and no cell proves which.",
    contradiction: "Some dates are only possible day-first and others only month-first.",
    language: "The names of months mean other months in another language.",
    fraction: "Some times have more digits of a second than a date can hold.",
  }
  return {
    kind: hasTime ? "timestamp" : "date",
    reading: {
      ...(formats === undefined ? {} : { formats }),
      ...(language === undefined ? {} : { locale: language }),
      ...(pivot === undefined ? {} : { pivot }),
    },
    agreeing,
    contrary,
    impossible,
    remarks,
    // 1.10.24 is a version too.
    isText: nameEvidence(name).namesVersion && agreeing.every(({ label }) => /^d\.M\.y+$/.test(label)),
    doubt:
      doubt === undefined
        ? undefined
        : {
            ...(doubt.reason === "fraction" ? because : open)(reasons[doubt.reason], doubt.tally),
            ...(doubt.reason === "order" ? { localeDecides: true } : {}),
          },
  }
}

/**
 * Yes and no are booleans beside evidence: both words occur, or the header asks a question. Two Latin letters other than Y and N may be anything, such as
 * north and south, so they need the question.
 */
function booleansOf(name: string, { words, booleans }: ColumnEvidence): Candidate[] {
  const asks = nameEvidence(name).asks
  const found = booleanPairs.flatMap((pair, at): Candidate[] => {
    const [yes, no] = pair.map((word) => words.get(word))
    const isProven =
      at === literalPair || (yes !== undefined && no !== undefined && (pair[0].length > 1 || pair[0] === "y" || pair[0] > "\u007f")) || asks
    const tallies = [yes, no].filter((tally) => tally !== undefined)
    if (tallies.length === 0 || !isProven) return []
    const agreeing = [...tallies, booleans].map((tally) => ({ label: tally === booleans ? "boolean cells" : pair.join(", "), tally }))
    return [{ kind: "boolean", reading: at === literalPair ? {} : { words: { true: pair[0], false: pair[1] } }, agreeing }]
  })
  return found.length > 0 ? found : [{ kind: "boolean", reading: {}, agreeing: [{ label: "boolean cells", tally: booleans }] }]
}

function jsonOf({ json }: ColumnEvidence): Candidate {
  return { kind: "json", reading: {}, agreeing: [{ label: "JSON", tally: json }] }
}

/** The cells that disagree are those of every other sort. */
function oddCells(column: ColumnEvidence, { agreeing }: Candidate, cells: number): ProposedColumn["odd"] {
  if (cells === 0) return { cells: 0, rows: [], examples: [] }
  const taken = new Set(agreeing.map(({ tally }) => tally))
  const { rows, examples } = Tally.sum(column.tallies.filter((tally) => !taken.has(tally)))
  return { cells, rows, examples }
}

function asText(name: string, column: ColumnEvidence, doubt: KindDoubt | undefined): ProposedColumn {
  const errors = [...column.errors].map(([text, { count }]) => ({ text, cells: count }))
  const nulled = errors.reduce((sum, { cells }) => sum + cells, 0)
  const cells = column.cells - nulled
  const { count: odd, rows, examples } = column.unknownErrors
  const { values } = column.values
  const remarks = textRemarks(column)
  const isEnumeration = values !== undefined && column.values.total === cells
  return {
    name,
    kind: "text",
    reading: {},
    nulls: column.nulls + nulled,
    filled: column.nulls + nulled === 0 && cells > 0,
    nullTexts: errors,
    evidence: evidenceOf(cells, cells - odd, []),
    odd: { cells: odd, rows, examples },
    ...(doubt === undefined ? {} : { doubt }),
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(isEnumeration ? { values } : {}),
  }
}

/** A text column has a doubt if most of its cells are of another kind, or of two kinds together. */
function doubtOf(best: Candidate, rest: readonly Candidate[], cells: number, column: ColumnEvidence): KindDoubt | undefined {
  if (best.isText === true) return undefined
  const agreeing = countOf(best)
  const { impossible = 0, contrary = new Tally() } = best
  const isMost = agreeing > 0 && (agreeing + impossible + contrary.count) / cells >= thresholds.doubtfulShare
  if (isMost && best.doubt !== undefined) return best.doubt
  if (isMost && contrary.count > 0)
    return open(`The ${nounOf(best)} are written in several ways, and no single way reads all of them.`, contrary)
  if (isMost) {
    const odd = oddCells(column, best, cells - agreeing)
    return {
      reason: `${percent(agreeing / cells)} of the cells are ${nounOf(best)}, but ${odd.cells} ${odd.cells === 1 ? "is" : "are"} not.`,
      isOpen: false,
      examples: odd.examples,
    }
  }
  const words = numbersWithWords(column, cells) ?? otherDigits(column, cells)
  if (words !== undefined) return words
  const [second] = rest.filter((candidate) => countOf(candidate) > 0 && nounOf(candidate) !== nounOf(best))
  if (second === undefined || (agreeing + countOf(second)) / cells < thresholds.doubtfulShare) return oneWord(column, cells)
  const shares = `${percent(agreeing / cells)} of the cells are ${nounOf(best)}, and ${percent(countOf(second) / cells)} are ${nounOf(second)}${serials(best, second)}.`
  return { reason: shares, isOpen: false, examples: Tally.sum(second.agreeing.map(({ tally }) => tally)).examples }
}

/** Spreadsheets write dates as numbers of days if a cell has no format. */
function serials(...sorts: readonly [Candidate, Candidate]): string {
  const whole = sorts.find(({ kind }) => kind === "integer")
  if (whole === undefined || !sorts.some(({ kind }) => kind === "date" || kind === "timestamp")) return ""
  const areDays = whole.agreeing.every(({ tally: { examples } }) =>
    examples.every(({ text }) => Number(text) >= firstSerial && Number(text) <= lastSerial),
  )
  return areDays ? ", which may be days as spreadsheets count them" : ""
}

/** Numbers with kg and numbers with g, or CR and DR. */
function numbersWithWords({ numbers, units, wholes, fractions }: ColumnEvidence, cells: number): KindDoubt | undefined {
  const bare = numbers.count + wholes.count + fractions.count
  const all = Tally.sum([...units.values()]).count + bare
  if (units.size === 0 || (units.size === 1 && bare === 0) || all < cells * thresholds.doubtfulShare) return undefined
  const none = bare === 0 ? "" : `, none (${bare})`
  return because(`The numbers have different words beside them: ${counts(units)}${none}.`, firstOfEach(units))
}

function otherDigits({ numbers, wholes, fractions, otherDigits: found }: ColumnEvidence, cells: number): KindDoubt | undefined {
  const all = found.count + numbers.count + wholes.count + fractions.count
  if (found.count === 0 || all < cells * thresholds.doubtfulShare) return undefined
  return because(`${found.count} of the numbers ${found.count === 1 ? "has" : "have"} other digits than 0 to 9.`, found)
}

/** Only yes, or only no: a boolean, or the country code of Norway. */
function oneWord({ words }: ColumnEvidence, cells: number): KindDoubt | undefined {
  const [only] = words
  if (only === undefined || words.size > 1 || only[1].count !== cells || booleanWord(only[0]) === undefined) return undefined
  return because("The only word may mean true or false, but its opposite does not occur.", only[1])
}

function because(reason: string, { examples }: { readonly examples: readonly CellExample[] }): KindDoubt {
  return { reason, isOpen: false, examples }
}

/** A doubt about what the cells stand for. */
function open(reason: string, { examples }: Tally): KindDoubt {
  return { reason, isOpen: true, examples }
}

const nouns = {
  integer: "whole numbers",
  decimal: "numbers",
  date: "dates",
  timestamp: "dates with times",
  boolean: "booleans",
  json: "JSON",
  text: "text",
} as const

function nounOf({ kind, reading }: Candidate): string {
  return reading.percent === true ? "percentages" : nouns[kind]
}

function undecidedNumbers(tally: Tally | undefined): KindDoubt | undefined {
  if (tally === undefined) return undefined
  return { ...open("The separator may group thousands or begin decimals, and nothing proves which.", tally), localeDecides: true }
}

function fewCommas(tally: Tally | undefined): KindDoubt | undefined {
  return tally && because("A few of the whole numbers have a comma, which may separate the items of a list.", tally)
}

function mixedCurrencies(currencies: ReadonlyMap<string, Tally>): KindDoubt | undefined {
  if (currencies.size < 2) return undefined
  return because(`The amounts are in several currencies: ${counts(currencies)}.`, firstOfEach(currencies))
}

function ids(mixed: Tally): KindDoubt {
  return because(`The numbers may be ids, because ${mixed.count} ${mixed.count === 1 ? "cell has" : "cells have"} letters too.`, mixed)
}

function evidenceOf(cells: number, agreeing: number, sorts: Candidate["agreeing"]): ProposedColumn["evidence"] {
  const notations = new Map<string, number>()
  for (const { label, tally } of sorts) if (tally.count > 0) notations.set(label, (notations.get(label) ?? 0) + tally.count)
  const share = cells === 0 ? 1 : agreeing / cells
  return { cells, agreeing, share, bound: wilsonBound(agreeing, cells), notations: Object.fromEntries(notations) }
}

function countOf({ agreeing }: Candidate): number {
  return agreeing.reduce((sum, { tally }) => sum + tally.count, 0)
}

/** Words with the number of cells that have each. */
function counts(tallies: ReadonlyMap<string, Tally>): string {
  const listed = [...tallies].map(([word, { count }]) => `${word} (${count})`)
  return listed.length > 5 ? `${listed.slice(0, 5).join(", ")} and others` : listed.join(", ")
}

function firstOfEach(tallies: ReadonlyMap<string, Tally>): { readonly examples: readonly CellExample[] } {
  return { examples: [...tallies.values()].flatMap(({ examples }) => examples.slice(0, 1)).slice(0, thresholds.mostExamples) }
}

function percent(share: number): string {
  // A share below one is never shown as 100 %.
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
}
