import type { JsonValue } from "../../model/json-value.ts"
import { withoutExamples } from "../../model/normalized-cells.ts"
import type { DeliveryReport } from "../../model/run-report.ts"
import type { TableNotice } from "../../model/table-facts.ts"

/** A report without the texts of the file that its notices and its plan quote. */
export function unquotedReport(report: DeliveryReport): DeliveryReport {
  return { ...report, notices: report.notices.map(unquoted), plan: withoutReadings(report.plan) }
}

/** A report without any text of the file: the ledger keeps cells only with rejects, where `purge` finds them. */
export function storedReport(report: DeliveryReport): DeliveryReport {
  const { normalized, drift, ...rest } = unquotedReport(report)
  return {
    ...rest,
    ...(normalized === undefined ? {} : { normalized: withoutExamples(normalized) }),
    ...(drift === undefined ? {} : { drift: { ...drift, findings: drift.findings.map(({ examples: _, ...finding }) => finding) } }),
  }
}

function unquoted(notice: TableNotice): TableNotice {
  const { quotes, ...rest } = notice
  return quotes === undefined
    ? notice
    : { ...rest, message: quotes.reduce((left, quote) => left.replaceAll(quote, "[redacted]"), rest.message) }
}

/** What the encoding of a file would make of its first line is for the people who read the file again. */
function withoutReadings(plan: DeliveryReport["plan"]): DeliveryReport["plan"] {
  const dialects = plan["dialects"]
  if (!isRecord(dialects)) return plan
  return { ...plan, dialects: Object.fromEntries(Object.entries(dialects).map(([table, dialect]) => [table, withoutOthers(dialect)])) }
}

function withoutOthers(dialect: JsonValue): JsonValue {
  const encoding = isRecord(dialect) ? dialect["encoding"] : undefined
  if (!isRecord(dialect) || !isRecord(encoding)) return dialect
  const { others: _, ...kept } = encoding
  return { ...dialect, encoding: kept }
}

function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
