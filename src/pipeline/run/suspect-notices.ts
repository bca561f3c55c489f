import { shownText } from "../../errors/shown-text.ts"
import type { TableNotice } from "../../model/table-facts.ts"
import type { SuspectGroup } from "../../profile/detect/suspect-groups.ts"
import type { SuspectReason } from "../../profile/detect/suspicion.ts"

/** How many columns and reasons are reported one by one. */
const mostNotices = 10
/** The most characters of a quoted cell. */
const mostQuoted = 60

/** What is said of one cell, and of several. */
const wordings: { readonly [R in SuspectReason]: readonly [one: string, several: string] } = {
  dependency: ["contradicts another cell of its row", "contradict other cells of their rows"],
  duplicate: ["is in a row that repeats another one", "are in rows that repeat others"],
  empty: ["is empty", "are empty"],
  foreign: ["has a value of another column", "have values of another column"],
  format: ["is written in another way than most", "are written in other ways than most"],
  null: ["may stand for no value", "may stand for no value"],
  order: ["is out of order", "are out of order"],
  outlier: ["is far outside of the usual range", "are far outside of the usual range"],
  rare: ["has a value that hardly any other cell has", "have values that hardly any other cell has"],
  source: ["contradicts most rows about the same thing", "contradict most rows about the same thing"],
  space: ["begins or ends with white space", "begin or end with white space"],
  type: ["is of another type than most", "are of another type than most"],
  typo: ["is probably a typo", "are probably typos"],
  variant: ["is another spelling of a frequent value", "are other spellings of frequent values"],
}

/** A group with the position of its first cell in the file, and whether its cells may be shown. */
export interface ReportedGroup extends SuspectGroup {
  readonly firstRow: number
  readonly isHidden: boolean
}

/** The rows that were searched, and those that could be. */
export interface SearchedRows {
  readonly searched: number
  readonly read: number
}

/** One notice for each column and reason, with a first example; those with the most cells first. */
export function suspectNotices(groups: readonly ReportedGroup[], { searched, read }: SearchedRows): readonly TableNotice[] {
  const among =
    searched === read ? "" : ` rowgate searched a sample of ${searched.toLocaleString("en-US")} of ${read.toLocaleString("en-US")} rows.`
  const sorted = groups.toSorted((one, other) => other.cells.length - one.cells.length)
  const named = sorted.slice(0, mostNotices).map((group) => noticeOf(group, among))
  const others = sorted.slice(mostNotices)
  if (others.length === 0) return named
  const cells = others.reduce((sum, group) => sum + group.cells.length, 0)
  const message = `${cells.toLocaleString("en-US")} more ${cells === 1 ? "cell is" : "cells are"} probably wrong. "rowgate profile --suspects" lists all of them.`
  return [...named, { code: "column.suspect", message }]
}

function noticeOf({ column, reason, cells, firstRow, isHidden }: ReportedGroup, among: string): TableNotice {
  const [first] = cells
  const [words, count] =
    cells.length === 1 ? [wordings[reason][0], "1 cell"] : [wordings[reason][1], `${cells.length.toLocaleString("en-US")} cells`]
  const head = `${count} of ${JSON.stringify(shownText(column))} ${words}`
  const base = { code: "column.suspect", row: firstRow, column }
  // The cell of a repeated row says nothing; its row does.
  if (first === undefined || isHidden || reason === "duplicate") return { ...base, message: `${head}.${among}` }
  const expected = first.reasons.find((each) => each.expected !== undefined && each.expected !== "")?.expected
  const quotes = [first.text, expected].flatMap((text) => (text === undefined ? [] : [JSON.stringify(shownText(text, mostQuoted))]))
  const [value, guess] = quotes
  const example = cells.length === 1 ? `: ${value}` : `, such as ${value}`
  return { ...base, message: `${head}${example}${guess === undefined ? "" : `, perhaps ${guess}`}.${among}`, quotes }
}
