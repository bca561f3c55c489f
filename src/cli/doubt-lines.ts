import { shownText } from "../errors/shown-text.ts"

/** A fact about how a file is read, with its evidence. */
interface Fact {
  readonly value: unknown
  readonly confidence: number
  readonly evidence: string
}

/** Facts below this confidence are in doubt, and the option that decides them. Most files are well above. */
const decided = [
  { name: "encoding", least: 0.85, option: "--encoding" },
  { name: "delimiter", least: 0.75, option: "--delimiter" },
  { name: "header", least: 0.7, option: "--header or --no-header" },
] as const

const longestEvidence = 80

/** What is in doubt about how a table was read: a line for each fact that could as well be another one. */
export function doubtLines(facts: unknown): readonly string[] {
  const known: { readonly [name: string]: unknown } = { header: sheetHeader(facts), ...Object(facts) }
  return decided.flatMap(({ name, least, option }) => {
    const fact = known[name]
    if (!isFact(fact) || fact.confidence >= least) return []
    const value = valueText(name, fact.value)
    const evidence = fact.evidence.startsWith(`${value}: `) ? fact.evidence.slice(value.length + 2) : fact.evidence
    const sure = `${Math.round(100 * fact.confidence)} % sure`
    return [`${name} in doubt: ${value}, ${sure} (${shownText(evidence, longestEvidence)}); ${option} decides it`]
  })
}

/** A workbook's header in the form of a csv file's. */
function sheetHeader(facts: unknown): Fact | undefined {
  const { headerRow, headerConfidence, headerEvidence } = Object(facts)
  if (headerConfidence === undefined || !Array.isArray(headerEvidence)) return undefined
  return { value: headerRow, confidence: headerConfidence, evidence: headerEvidence.join("; ") }
}

function isFact(fact: unknown): fact is Fact {
  const { confidence, evidence } = Object(fact)
  return typeof confidence === "number" && typeof evidence === "string"
}

function valueText(name: string, value: unknown): string {
  if (value === null) return "none"
  if (name === "header") return `row ${String(value)}`
  return value === "\t" ? "tab" : name === "delimiter" ? `"${shownText(String(value))}"` : shownText(String(value))
}
