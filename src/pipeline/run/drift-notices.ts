import type { DriftFinding, DriftReport } from "../../model/drift.ts"
import type { TableNotice } from "../../model/table-facts.ts"

/** A notice for each finding. */
export function driftNotices({ findings, deliveries }: DriftReport): readonly TableNotice[] {
  return findings.map((finding) => {
    const clause = driftClause(finding)
    return {
      code: codes[finding.kind].code,
      message: `${clause.charAt(0).toUpperCase()}${clause.slice(1)}; compared with ${deliveries} earlier deliveries.`,
      ...(finding.column === undefined ? {} : { column: finding.column }),
      ...(finding.examples === undefined || finding.kind === "newPatterns" ? {} : { quotes: finding.examples }),
    }
  })
}

const codes = {
  rows: { code: "drift.rows" },
  nulls: { code: "drift.nulls" },
  distribution: { code: "drift.distribution" },
  newValues: { code: "drift.new_values" },
  vanishedValues: { code: "drift.vanished_values" },
  newPatterns: { code: "drift.new_patterns" },
} as const

/** What has drifted, as a clause that quotes no cell. */
export function driftReason({ examples, ...finding }: DriftFinding): string {
  return driftClause(finding)
}

function driftClause({ kind, column = "", value, bound, ks, before = 0, now = 0, count = 0, examples = [] }: DriftFinding): string {
  const shown = examples.length === 0 ? "" : `: ${examples.map((text) => `"${text}"`).join(", ")}${count > examples.length ? ", …" : ""}`
  switch (kind) {
    case "rows":
      return `the delivery has ${now} rows, and earlier ones have about ${before} (a factor of ${value.toFixed(2)}, limit ${bound.toFixed(2)})`
    case "nulls":
      return `the column ${column} is empty in ${percent(now)} of the rows, and was in ${percent(before)} (Cohen's h ${value.toFixed(2)}, limit ${bound.toFixed(2)})`
    case "distribution": {
      const distance = ks === undefined ? "" : `; KS distance ${ks.toFixed(2)}`
      return `the values of the column ${column} are distributed differently than before (PSI ${value.toFixed(2)}, limit ${bound.toFixed(2)}${distance})`
    }
    case "newValues":
      return `the column ${column} has ${count === 1 ? "a value" : `${count} values`} that no earlier delivery has, in ${percent(value)} of the rows (limit ${percent(bound)})${shown}`
    case "vanishedValues":
      return `the column ${column} lacks ${count === 1 ? "a value" : `${count} values`} that ${percent(value)} of the earlier rows have (limit ${percent(bound)})`
    case "newPatterns":
      return `the column ${column} has texts of ${count === 1 ? "a form" : `${count} forms`} that no earlier delivery has, in ${percent(value)} of the rows (limit ${percent(bound)})${shown}`
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
