import { errorWords } from "../../cells/null-words.ts"
import type { ProposedColumn } from "../../profile/proposal.ts"
import { wilsonBound } from "../../profile/wilson.ts"
import type { InferredContract } from "./infer.ts"
import { inferredNormalizer } from "./inferred-normalizer.ts"

/** The contract that leaves the cells of these columns as the file shows them. JSON keeps its kind, because a nested value has no text in the file. */
export function keepTexts({ proposal, columns }: InferredContract, texts: ReadonlySet<string>): InferredContract {
  const changed = proposal.columns.map((column) =>
    texts.has(column.name) && column.kind !== "json" && column.kind !== "text" ? asText(column) : column,
  )
  const kept = changed.filter((column, at) => column !== proposal.columns[at])
  return {
    proposal: { ...proposal, columns: changed },
    columns: { ...columns, ...Object.fromEntries(kept.map((column) => [column.name, inferredNormalizer(column)])) },
    expected: changed.filter(({ filled }) => filled).map(({ name }) => name),
  }
}

/** In a text column, only the errors of a spreadsheet are no value. */
function asText({ name, nulls, nullTexts, evidence }: ProposedColumn): ProposedColumn {
  const errors = nullTexts.filter(({ text }) => errorWords.includes(text))
  const words = nullTexts.filter(({ text }) => !errorWords.includes(text)).reduce((sum, { cells }) => sum + cells, 0)
  const cells = evidence.cells + words
  return {
    name,
    kind: "text",
    reading: {},
    nulls: nulls - words,
    filled: nulls === words && cells > 0,
    nullTexts: errors,
    evidence: { cells, agreeing: cells, share: 1, bound: wilsonBound(cells, cells), notations: {} },
    odd: { cells: 0, rows: [], examples: [] },
  }
}
