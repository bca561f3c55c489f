import type { Reject } from "../../../src/model/reject.ts"
import type { DeliveryReport, RunReport } from "../../../src/model/run-report.ts"
import type { RuleResult } from "../../../src/model/scorecard.ts"
import type { SourceTableProfile } from "../../../src/pipeline/tables/profile.ts"

/** What a made-up run is like. */
export interface MadeRun {
  readonly columns: number
  readonly rows: number
  readonly rejects: number
  /** A text of the file that is in every place where the page shows one. */
  readonly text: string
  readonly files?: number
}

/** A report with its rejects and profiles. */
export interface MadeReport {
  readonly report: RunReport
  readonly rejects: readonly Reject[]
  readonly profiles: readonly SourceTableProfile[]
}

/** A report of a run that nobody ran, with everything that a page can show. */
export function madeReport({ columns, rows, rejects, text, files = 1 }: MadeRun): MadeReport {
  const names = Array.from({ length: columns }, (_, at) => `${text} ${at}`)
  const uris = Array.from({ length: files }, (_, at) => `file:///data/${at}-${text}.csv`)
  const counts = { read: rows, loaded: rows - rejects, rejected: rejects, filtered: 0, superseded: 0, skipped: 0, withheld: 0 }
  const deliveries = uris.map((uri): DeliveryReport => ({ ...deliveryOf(names, text, rows, rejects), ...counts, uri }))
  const rejected = uris.flatMap((uri) => Array.from({ length: Math.min(rejects, 500) }, (_, at) => rejectOf(uri, names, text, at)))
  return {
    report: { ...counts, runId: "6f1f7a52-3b7e-4a4c-9a57-1f7a523b7e4a", pipeline: text, deliveries },
    rejects: rejected,
    profiles: uris.map((uri) => profileOf(uri, names, text, rows)),
  }
}

function deliveryOf(
  names: readonly string[],
  text: string,
  rows: number,
  rejects: number,
): Omit<DeliveryReport, "uri" | keyof typeof noCounts> {
  const rules = names.flatMap((name): RuleResult[] => [
    {
      rule: `schema.${name}`,
      dimension: "validity",
      columns: [name],
      severity: "error",
      judged: rows,
      passed: rows - rejects,
      failed: rejects,
      suspected: 0,
      rejected: rejects,
      rejectedAlone: rejects,
    },
    {
      rule: `required.${name}`,
      dimension: "completeness",
      columns: [name],
      severity: "error",
      judged: rows,
      passed: rows,
      failed: 0,
      suspected: 0,
      rejected: 0,
      rejectedAlone: 0,
    },
  ])
  return {
    deliveryId: "0b6a62d5-e9e6-4a9f-af22-fbe6e2fbfaf8",
    version: text,
    sourceTable: text,
    sha256: "5b8c9b381a2b7d5848eec44068f2ab54f79f5c7f09dfa8ecebaae654b9698eab",
    outcome: "loaded",
    reason: text,
    issues: { [`code.${text}`]: rejects },
    examples: Object.fromEntries(names.map((name) => [`schema.${name}`, [{ row: 2, column: name }]])),
    notices: names.map((column) => ({ code: "column.kind", message: `Read as text: ${text}`, column, row: 3, quotes: [text] })),
    columns: names.map((name) => ({ header: `${name}!`, name, kind: "text", nulls: 1, errors: rejects, warnings: 1 })),
    plan: {
      dialects: {
        [text]: {
          format: "csv",
          encoding: { value: text, confidence: 0.9, evidence: text },
          header: { value: 1, confidence: 1, evidence: text },
          inferred: names.map((column) => ({
            column,
            kind: "text",
            reading: {},
            doubt: text,
            evidence: { cells: rows, agreeing: rows - 1, share: 1, bound: 1, notations: { [text]: rows } },
            odd: { cells: 1, rows: [5] },
          })),
        },
      },
    },
    normalized: {
      examined: rows,
      columns: Object.fromEntries(names.map((name) => [name, { cells: 7, examples: [{ row: 2, line: 2, before: text, after: text }] }])),
    },
    changes: { migrations: [text], ddl: [text], inserted: 1, updated: 2, deleted: 3 },
    score: {
      overall: 93.4,
      coverage: 61,
      rowsPassed: 99,
      provisional: true,
      dimensions: { validity: { score: 91, weight: 0.1, judged: rows, lost: rejects } },
      lost: names.map((column) => ({ rule: `schema.${column}`, dimension: "validity", column, points: 6.6 / names.length, rows: rejects })),
      rules,
      columns: names.map((column) => ({ column, score: 91, fill: 98, distinct: 12 })),
      weights: { completeness: 0.2, accuracy: 0.25, consistency: 0.2, timeliness: 0.1, uniqueness: 0.15, validity: 0.1 },
      worstRows: [],
      ruleset: { hash: text },
    },
  }
}

const noCounts = { read: 0, loaded: 0, rejected: 0, filtered: 0, superseded: 0, skipped: 0, withheld: 0 }

function rejectOf(uri: string, names: readonly string[], text: string, at: number): Reject {
  const [first = ""] = names
  return {
    origin: { uri, row: at + 2, line: at + 2 },
    raw: Object.fromEntries(names.map((name, column) => [`${name}!`, column === 1 ? null : `${text} cell ${at}`])),
    issues: [
      {
        code: `code.${text}`,
        message: `${text} is not a date.`,
        rule: `schema.${first}`,
        dimension: "validity",
        column: first,
        severity: "error",
        confidence: 1,
        suggestion: text,
      },
    ],
  }
}

function profileOf(uri: string, names: readonly string[], text: string, rows: number): SourceTableProfile {
  return {
    uri,
    hidden: false,
    notices: [{ code: "header.renamed", message: text }],
    table: text,
    rows,
    unreadable: 1,
    columns: names.map((name, at) => ({
      name: `${name}!`,
      kind: at % 2 === 0 ? "text" : "decimal",
      doubt: text,
      remarks: [text],
      filled: rows,
      empty: 0,
      fill: 0.99,
      distinct: Math.min(rows, 40),
      exact: rows < 4096,
      types: { text: rows },
      min: at % 2 === 0 ? text : 1,
      max: at % 2 === 0 ? text : 900,
      quantiles: at % 2 === 0 ? null : { p5: 3, p25: 20, p50: 50, p75: 90, p95: 400 },
      lengths: { min: 1, mean: 4, max: 9 },
      top: [{ value: text, count: rows }],
      patterns: [{ pattern: text, count: rows, example: text }],
      examples: [text, text],
      suspects: [{ reason: "pattern", message: text, count: 1, examples: [{ value: text, count: 2 }] }],
    })),
  }
}
