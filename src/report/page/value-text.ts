import { neutraliseFormulas } from "../../cells/neutralise-formulas.ts"
import { shownText } from "../../errors/shown-text.ts"
import { spelled, unseen } from "../../model/unseen-characters.ts"
import { type Html, type HtmlPart, html } from "./html.ts"

const mostOfValue = 80
const dayMs = 86_400_000

/**
 * A value of a file, for a text of the page. Characters that people do not see and spaces at its ends are marked, and an apostrophe stands before what
 * a spreadsheet would take for a formula if somebody pastes the text.
 */
export function valueHtml(value: unknown, most = mostOfValue): Html {
  if (value === null || value === undefined) return html`<i class="none">empty</i>`
  const text = shownText(textOf(value), most)
  if (text === "") return html`<i class="none">empty text</i>`
  return html`${typeof value === "string" && beginsFormula(text) && mark("'")}${marked(text)}`
}

/** Programs skip what draws nothing before a formula. */
function beginsFormula(text: string): boolean {
  const safe = neutraliseFormulas(text) ?? text
  let at = 0
  while (at < text.length && safe[at] === text[at]) at++
  return safe !== text && text.slice(0, at).replace(unseen, "").trim() === ""
}

function textOf(value: unknown): string {
  if (value instanceof Date) return dateText(value)
  // Times, durations and errors of workbooks have a text of their own.
  return typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype ? JSON.stringify(value) : String(value)
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "invalid date"
  const text = date.toISOString()
  return date.getTime() % dayMs === 0 ? text.slice(0, 10) : text
}

/** The text with one mark around each run of characters that need one. */
function marked(text: string): readonly HtmlPart[] {
  const parts: HtmlPart[] = []
  const first = text.length - text.replace(/^ +/, "").length
  const last = text.trimEnd().length
  let [plain, hidden] = ["", ""]
  const flush = () => {
    if (plain !== "") parts.push(plain)
    if (hidden !== "") parts.push(mark(hidden))
    plain = hidden = ""
  }
  let at = 0
  for (const character of text) {
    const isEdge = character === " " && (at < first || at >= last)
    const shown = isEdge ? "\u00b7" : character.replace(unseen, spelled)
    if (shown === character) {
      if (hidden !== "") flush()
      plain += shown
    } else hidden += shown
    at += character.length
  }
  flush()
  return parts
}

function mark(text: string): Html {
  return html`<b class="mark">${text}</b>`
}
