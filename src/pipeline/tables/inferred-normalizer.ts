import { errorWords, nullWords } from "../../cells/null-words.ts"
import type { NumberNotation } from "../../cells/number-notation.ts"
import { BooleanReader } from "../../cells/readers/boolean-reader.ts"
import { DateReader } from "../../cells/readers/date-reader.ts"
import { DecimalReader } from "../../cells/readers/decimal-reader.ts"
import { NumberReader } from "../../cells/readers/number-reader.ts"
import { TextReader } from "../../cells/readers/text-reader.ts"
import type { JsonValue } from "../../model/json-value.ts"
import { json } from "../../normalize/json.ts"
import { type ColumnNormalizer, columnNormalizer, type InferredReading, type Normalizer } from "../../normalize/normalizer.ts"
import { withNulls } from "../../normalize/with-nulls.ts"
import { notationOfReading } from "../../profile/notation-of-reading.ts"
import type { ProposedColumn, ProposedReading } from "../../profile/proposal.ts"
import { remarkWithRows } from "../../profile/remark.ts"
import type { CellExample } from "../../profile/tally.ts"

/** The normalizer that reads a column as its proposal says. It carries the proposal, so that the report shows it. */
export function inferredNormalizer(column: ProposedColumn): Normalizer<unknown> {
  const reader = readerOf(column)
  const normalizer = { ...reader, spec: { ...reader.spec, inferred: true }, inferred: inferredReading(column) }
  // Rows after the sample may have texts for no value that the sample lacks. In a text column, only the errors of a spreadsheet are no value.
  if (column.kind !== "text") return withNulls(normalizer, nullWords)
  return column.nullTexts.length === 0 ? normalizer : withNulls(normalizer, errorWords)
}

function readerOf({ kind, reading }: ProposedColumn): ColumnNormalizer<unknown> {
  switch (kind) {
    case "integer":
      return columnNormalizer<number>("integer", "number", new NumberReader({ ...formatOf(reading), wholeOnly: true }), { kind })
    case "decimal":
      return columnNormalizer<string>("decimal", "text", new DecimalReader(formatOf(reading)), { kind })
    case "date":
    case "timestamp":
      return columnNormalizer<Date>("date", "date", new DateReader(reading), { kind })
    case "boolean":
      return columnNormalizer<boolean>("boolean", "boolean", new BooleanReader(wordsOf(reading)), { kind })
    case "json":
      return json() as ColumnNormalizer<JsonValue>
    case "text":
      return columnNormalizer<string>("text", "text", new TextReader({ trim: false }), { kind })
  }
}

function formatOf(reading: ProposedReading): { readonly format?: NumberNotation } {
  const format = notationOfReading(reading)
  return format === undefined ? {} : { format }
}

function wordsOf({ words }: ProposedReading): { readonly true: readonly string[]; readonly false: readonly string[] } {
  return { true: ["true", ...(words === undefined ? [] : [words.true])], false: ["false", ...(words === undefined ? [] : [words.false])] }
}

/** Plans are kept for longer than rejected rows, so that they show where cells disagree, but no cell. */
function inferredReading({ kind, reading, nulls, nullTexts, evidence, odd, doubt, remarks }: ProposedColumn): InferredReading {
  const nulled = nullTexts.map(({ text, cells }) => `${JSON.stringify(text)} (${cells})`).slice(0, 5)
  const parts = [
    ...(doubt === undefined ? [] : [`Read as text. ${doubt.reason}${rowsOf(doubt.examples)}`]),
    ...(odd.cells === 0 ? [] : [`Read as ${kind}, which ${odd.cells} of ${evidence.cells} sampled cells are not.${rowsOf(odd.examples)}`]),
    ...(remarks ?? []).map(remarkWithRows),
    ...(nulled.length === 0 ? [] : [`Read as no value: ${nulled.join(", ")}.`]),
  ]
  const kept = {
    kind,
    reading,
    nulls,
    nullTexts,
    evidence,
    odd: { cells: odd.cells, rows: odd.rows },
    doubt: doubt?.reason,
    localeDecides: doubt?.localeDecides,
    remarks: remarks?.map(({ reason, sorts }) => ({ reason, sorts: sorts.map(({ label, cells }) => ({ label, cells })) })),
  }
  // Options that are not given are not in the JSON.
  const plain = JSON.parse(JSON.stringify(kept)) as InferredReading["evidence"]
  return {
    evidence: plain,
    notice: parts.length === 0 ? undefined : parts.join(" "),
    doubt: doubt?.isOpen === true ? doubt.reason : undefined,
  }
}

/** Where the cells are that a notice means, as the end of its text. */
function rowsOf(examples: readonly CellExample[]): string {
  const rows = [...new Set(examples.map(({ row }) => row))].sort((one, other) => one - other)
  const [last] = rows.splice(-1)
  if (last === undefined) return ""
  return rows.length === 0 ? ` See row ${last}.` : ` See rows ${rows.join(", ")} and ${last}.`
}
