import { languagesOfMonth } from "../../cells/month-names.ts"

/** What a value is, seen by itself. */
export interface ValueForm {
  readonly kind: "number" | "moment" | "code" | "words" | "other"
  /** How values of this kind are laid out: `9.9`, `Y-9-9`, `#oz`. Values of the same layout look alike to a reader. */
  readonly layout: string
  /** The finer pattern: each digit and capital by itself, so that `AB-12` and `AB-123` differ. */
  readonly pattern: string
  /** Numbers and ISO dates. */
  readonly number: number | undefined
  /** The unit or currency of a number, in one spelling. */
  readonly unit: string | undefined
  /** How its letters are written. */
  readonly letters: "none" | "small" | "capital" | "title" | "mixed"
}

/** The longest text that has a fine pattern; longer ones are prose. */
const longestPattern = 24

/** `Tuesday, 3 December 2024 10:15:30.123 a.m. +01:00` has fewer. */
const mostMomentTokens = 32

type Kind = "digits" | "letters" | "space" | "sign"

interface Token {
  readonly kind: Kind
  readonly text: string
}

const currencies = new Set(["$", "€", "£", "¥", "₹", "usd", "eur", "gbp", "chf", "us$"])
/** Spellings of units that mean the same. */
const unitNames: { readonly [spelling: string]: string } = {
  ...{ ounce: "oz", ounces: "oz", pound: "lb", pounds: "lb", lbs: "lb", gram: "g", grams: "g", kilogram: "kg", kilograms: "kg", kgs: "kg" },
  ...{ inch: "in", inches: "in", foot: "ft", feet: "ft", mile: "mi", miles: "mi", metre: "m", meter: "m", metres: "m", meters: "m" },
  ...{
    minute: "min",
    minutes: "min",
    mins: "min",
    second: "s",
    seconds: "s",
    sec: "s",
    secs: "s",
    hour: "h",
    hours: "h",
    hr: "h",
    hrs: "h",
  },
  ...{ liter: "l", liters: "l", litre: "l", litres: "l", ltr: "l", percent: "%", pct: "%", dollars: "$", usd: "$", eur: "€", gbp: "£" },
}
/** Words that stand in dates and times beside the names of months. */
const momentWords = new Set(["am", "pm", "a", "p", "m", "t", "z", "th", "st", "nd", "rd", "utc", "gmt", "noon", "midnight"])
const weekdays = new Set(["mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"])

/** Describes a value that is not empty. White space around it belongs to no form. */
export function valueForm(given: string): ValueForm {
  const text = given.trim()
  const plain = plainNumber(text)
  if (plain !== undefined) return plain
  const tokens = tokensOf(text)
  const found = { pattern: patternOf(text), letters: lettersOf(text) }
  return { ...found, ...(numberForm(tokens) ?? momentForm(tokens, text) ?? plainForm(tokens)) }
}

/** Whole numbers and decimals without anything else are most of the values of many tables. */
function plainNumber(text: string): ValueForm | undefined {
  let pattern = ""
  let points = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) pattern += "9"
    else if (code === 45 && at === 0) pattern += "-"
    else if (code === 46 && points++ === 0 && at > 0 && at < text.length - 1) pattern += "."
    else return undefined
  }
  if (text === "-" || text.length > longestPattern) return undefined
  return { kind: "number", layout: "9", pattern, number: Number(text), unit: undefined, letters: "none" }
}

type Description = Pick<ValueForm, "kind" | "layout" | "number" | "unit">

/** `-12.5`, `1,234`, `12 oz`, `$5`, `5 %`. */
function numberForm(tokens: readonly Token[]): Description | undefined {
  let at = 0
  let prefix = ""
  const isSign = (text: string) => tokens[at]?.kind === "sign" && tokens[at]?.text === text
  if (isSign("-") || isSign("+")) at++
  const first = tokens[at]
  if (first !== undefined && first.kind !== "digits" && currencies.has(first.text.toLowerCase())) {
    prefix = first.text
    at++
    if (tokens[at]?.kind === "space") at++
    if (isSign("-")) at++
  }
  const digits = tokens[at]
  const isPoint = digits?.kind === "sign" && digits.text === "." && tokens[at + 1]?.kind === "digits"
  if (digits?.kind !== "digits" && !isPoint) return undefined
  let written = ""
  let commas = 0
  let points = 0
  let areGroups = true
  for (; at < tokens.length; at++) {
    const { kind, text } = tokens[at] as Token
    if (kind === "digits") {
      written += text
      if (commas > 0 && points === 0 && text.length !== 3) areGroups = false
    } else if (text === "," && tokens[at + 1]?.kind === "digits") commas++
    else if (text === "." && (tokens[at + 1]?.kind === "digits" || at === tokens.length - 1)) {
      points++
      written += "."
    } else break
  }
  const exponent = /^[eE]$/.test(tokens[at]?.text ?? "") && tokens.at(-1)?.kind === "digits" && tokens.length - at <= 3
  if (exponent) {
    written += tokens
      .slice(at)
      .map((token) => token.text)
      .join("")
    at = tokens.length
  }
  if (points > 1 || (commas > 0 && !areGroups && (commas > 1 || points > 0))) return undefined
  const isDecimalComma = commas === 1 && !areGroups
  const rest = tokens.slice(at)
  const suffix = suffixOf(rest)
  if (suffix === undefined) return undefined
  const value = Number(isDecimalComma ? writtenWithComma(tokens) : written)
  const spelled = `${prefix.toLowerCase()}${suffix.toLowerCase().replaceAll(".", "").trim()}`
  const unit = spelled === "" ? undefined : (unitNames[spelled] ?? spelled)
  const style = isDecimalComma ? "9,9" : commas > 0 ? "9,999" : "9"
  const affix = `${prefix}#${suffix}`
  const negative = tokens[0]?.text === "-" ? -value : value
  return { kind: "number", layout: `${style}${affix === "#" ? "" : affix}`, number: Number.isFinite(value) ? negative : undefined, unit }
}

/** A unit after a number: a sign such as %, or one short word, with or without a space before it. */
function suffixOf(tokens: readonly Token[]): string | undefined {
  if (tokens.length === 0) return ""
  const text = tokens.map((token) => token.text).join("")
  const [first, second] = tokens[0]?.kind === "space" ? [tokens[1], tokens[2]] : [tokens[0], tokens[1]]
  const extra = tokens.length - (tokens[0]?.kind === "space" ? 1 : 0)
  if (first?.kind === "sign") return extra === 1 && /^[%€$£°]$/.test(first.text) ? text : undefined
  if (first?.kind !== "letters" || first.text.length > 10 || extra > 2 || (extra === 2 && second?.text !== ".")) return undefined
  // A letter or two right after a number are a unit only if they are a known one: 12B is a code.
  const isApart = tokens[0]?.kind === "space"
  const lower = first.text.toLowerCase()
  return isApart || lower in unitNames || Object.values(unitNames).includes(lower) ? text : undefined
}

function writtenWithComma(tokens: readonly Token[]): string {
  return tokens
    .filter(({ kind, text }) => kind === "digits" || text === ",")
    .map(({ text }) => (text === "," ? "." : text))
    .join("")
}

/** Dates and times in any layout, by their parts: `Y-9-9`, `9/9/Y 9:9`, `m 9, Y`. */
function momentForm(tokens: readonly Token[], text: string): Description | undefined {
  if (tokens.length > mostMomentTokens || !tokens.some(({ kind }) => kind === "digits")) return undefined
  let [groups, months, colons, dashes] = [0, 0, 0, 0]
  let layout = ""
  for (const { kind, text: part } of tokens) {
    if (kind === "digits") {
      groups++
      if (part.length > 4) return undefined
      layout += part.length === 4 ? "Y" : "9"
    } else if (kind === "letters") {
      const word = part.toLowerCase()
      const isWeekday = weekdays.has(word) || word.endsWith("day")
      if (word.length > 2 && languagesOfMonth(word).size > 0) {
        months++
        layout += part.length > 3 ? "month" : "m"
      } else if (momentWords.has(word) || isWeekday) layout += isWeekday ? "d" : word.replace("p", "a")
      else return undefined
    } else {
      if (part === ":") colons++
      else if (part === "-" || part === "/" || part === ".") dashes++
      else if (kind === "sign" && part !== "," && part !== "'") return undefined
      layout += kind === "space" ? " " : part
    }
  }
  const isTime = colons > 0 && groups >= 2 && groups - colons <= 3
  const isDate = groups <= 8 && ((months === 1 && groups >= 1) || (groups >= 3 && dashes >= 2))
  if (!isTime && !isDate) return undefined
  // Versions and telephone numbers have such groups too, but no day, month and year.
  if (isDate && months === 0 && !isTime && (groups !== 3 || !hasDay(tokens))) return undefined
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return { kind: "moment", layout, number: Number.isNaN(ms) ? undefined : ms / 86_400_000, unit: undefined }
}

/** Whether three groups of digits can be a day, a month and a year. */
function hasDay(tokens: readonly Token[]): boolean {
  const lengths = tokens.filter(({ kind }) => kind === "digits").map(({ text }) => text.length)
  const small = tokens.filter(({ kind, text }) => kind === "digits" && text.length <= 2 && Number(text) >= 1 && Number(text) <= 31)
  return small.length >= 2 && lengths.every((length) => length <= 2 || length === 4)
}

/** Codes have digits beside letters or signs; words have none. Runs of words are one `w`, since names have any number of them. */
function plainForm(tokens: readonly Token[]): Description {
  let layout = ""
  let digits = 0
  tokens.forEach(({ kind, text }, at) => {
    const isJoin = (kind === "space" || /^[-'’.,&/()]$/.test(text)) && layout.endsWith("w") && at < tokens.length
    if (kind === "digits") {
      digits++
      layout += "9"
    } else if (kind === "letters") layout += layout.endsWith("w") ? "" : "w"
    else if (!isJoin) layout += kind === "space" ? " " : text
  })
  if (layout === "w") return { kind: "words", layout, number: undefined, unit: undefined }
  return { kind: digits > 0 ? "code" : "other", layout, number: undefined, unit: undefined }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let start = 0
  let kind: Kind | undefined
  const end = (at: number) => {
    if (kind !== undefined && at > start) tokens.push({ kind, text: text.slice(start, at) })
    start = at
  }
  for (let at = 0; at < text.length; at++) {
    const next = kindOf(text.charCodeAt(at))
    if (next !== kind || next === "sign") {
      end(at)
      kind = next
    }
  }
  end(text.length)
  return tokens
}

function kindOf(code: number): Kind {
  if (code >= 48 && code <= 57) return "digits"
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return "letters"
  if (code === 32 || code === 9 || code === 0xa0) return "space"
  return code < 0xc0 || (code >= 0x2000 && code < 0x2100) || code === 0xfffd ? "sign" : "letters"
}

function patternOf(text: string): string {
  if (text.length > longestPattern) return "…"
  let pattern = ""
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const kind = kindOf(code)
    pattern += kind === "digits" ? "9" : kind === "letters" ? (isSmall(text.charAt(at)) ? "a" : "A") : text.charAt(at)
  }
  return pattern
}

function isSmall(letter: string): boolean {
  return letter === letter.toLowerCase()
}

function lettersOf(text: string): ValueForm["letters"] {
  let [small, capital, firsts, words] = [0, 0, 0, 0]
  let before = false
  for (let at = 0; at < text.length; at++) {
    const isLetter = kindOf(text.charCodeAt(at)) === "letters"
    if (isLetter) {
      const isCapital = !isSmall(text.charAt(at))
      if (isCapital) capital++
      else small++
      if (!before) {
        words++
        if (isCapital) firsts++
      }
    }
    before = isLetter || (before && text.charAt(at) === "'")
  }
  if (small + capital === 0) return "none"
  if (capital === 0) return "small"
  if (small === 0) return "capital"
  return firsts === words && capital === firsts ? "title" : "mixed"
}
