import { describe, expect, test } from "vitest"
import { type SummaryOptions, summaryLines } from "../../src/cli/summary.ts"
import { addCounts, type DeliveryReport, noRows, type RowCounts, type RunReport } from "../../src/model/run-report.ts"
import type { Scorecard } from "../../src/model/scorecard.ts"

const summaryText = (report: RunReport, options: SummaryOptions) => `${summaryLines(report, options).join("\n")}\n`
const delivery: DeliveryReport = {
  ...noRows,
  read: 1000,
  loaded: 970,
  rejected: 30,
  deliveryId: "d1",
  uri: "file:///data/my%20orders.csv",
  sha256: "00",
  outcome: "loaded",
  issues: { "string.email": 10, "cell.missing": 20, a: 1, b: 1, c: 1, d: 1, e: 1 },
  notices: [{ code: "header.renamed", message: "column 3 had no name", row: 1 }],
  plan: {},
  score: {
    overall: 91.25,
    coverage: 80,
    rowsPassed: 97,
    provisional: false,
    dimensions: {
      completeness: { score: 98, weight: 0.2, judged: 1000, lost: 20 },
      validity: { score: 84.44, weight: 0.1, judged: 1000, lost: 156 },
    },
    lost: [{ rule: "required", dimension: "completeness", column: "email", points: 2.5, rows: 20 }],
    rules: [],
    columns: [],
    worstRows: [],
    weights: { completeness: 0.2, accuracy: 0.25, consistency: 0.2, timeliness: 0.1, uniqueness: 0.15, validity: 0.1 },
    ruleset: { hash: "ab" },
  },
}
const options = { target: "pglite:db, table orders", look: ["rows: table orders"] }
const reportOf = (...deliveries: DeliveryReport[]) => ({
  ...deliveries.reduce<RowCounts>(addCounts, noRows),
  runId: "r1",
  pipeline: "orders",
  deliveries,
})

test("a delivery shows its counts, score, dimensions, lost points and most frequent reasons", () => {
  expect(summaryText(reportOf(delivery), options)).toBe(`orders -> pglite:db, table orders

my orders.csv: loaded
  1,000 rows read, 970 loaded, 30 rejected
  note: column 3 had no name (row 1)
  score 91.3 of 100, 97.0 % of the rows passed (80 % of the weight assessed)
    completeness 98.0, validity 84.4; not assessed: accuracy, consistency, timeliness, uniqueness
    -2.50 points: email, required (20 rows)
  why rows were rejected
        20  cell.missing
        10  string.email
         1  a, and 4 other reasons

rows: table orders

`)
})

test("a column that the file lacks comes first, and beside the score", () => {
  const notices = [...delivery.notices, { code: "column.missing", message: 'No header matches the column "Kunde".', column: "Kunde" }]
  const text = summaryText(reportOf({ ...delivery, notices }), options)
  expect(text).toContain(`30 rejected
  missing: No header matches the column "Kunde".
  note: column 3 had no name (row 1)
`)
  expect(text).toContain("(80 % of the weight assessed; the file lacks 1 declared column)")
})

describe("a provisional score", () => {
  const score = delivery.score as Scorecard
  const linesOf = (changes: Partial<Scorecard>) => summaryText(reportOf({ ...delivery, score: { ...score, ...changes } }), options)

  test("says so first", () => {
    expect(linesOf({ provisional: true })).toContain(
      "  provisional score 91.3 of 100, 97.0 % of the rows passed (80 % of the weight assessed; no reviewed contract)\n",
    )
  })

  test("never calls rows perfect that break no rule", () => {
    const text = linesOf({
      provisional: true,
      overall: 100,
      rowsPassed: 100,
      lost: [],
      dimensions: { validity: { score: 100, weight: 0.1, judged: 9, lost: 0 } },
    })
    expect(text).toContain("  provisional score: no losses, all rows passed (80 %")
    expect(text).toContain("    validity no losses; not assessed: ")
    expect(text).not.toContain("100.0")
  })
})

test("a provisional score says what was assessed and what is suspected", () => {
  const score = { ...(delivery.score as Scorecard), provisional: true }
  const lineOf = (cells: number, rows: number) =>
    summaryText(reportOf({ ...delivery, score: { ...score, suspected: { rows, cells, points: 0 } } }), options)
      .split("\n")
      .find((line) => line.includes("provisional score"))
  const head = "  provisional score 91.3 of 100, 97.0 % of the rows passed (80 % of the weight assessed"
  expect(lineOf(0, 1000)).toBe(`${head}; no cell is suspect; no reviewed contract)`)
  expect(lineOf(1, 1000)).toBe(`${head}; 1 cell is suspect; no reviewed contract)`)
  expect(lineOf(1200, 900)).toBe(`${head}; 1,200 cells are suspect in a sample of 900 rows; no reviewed contract)`)
})

test("only a score that lost nothing is shown as 100.0", () => {
  const score = { ...(delivery.score as Scorecard), overall: 99.99, rowsPassed: 99.99 }
  expect(summaryText(reportOf({ ...delivery, score }), options)).toContain("  score 99.9 of 100, 99.9 % of the rows passed")
  expect(summaryText(reportOf({ ...delivery, score: { ...score, overall: 100 } }), options)).toContain("  score 100.0 of 100")
})

test("a delivery that loaded nothing says why", () => {
  const rest = { issues: {}, notices: [], score: undefined }
  const refused: DeliveryReport = { ...delivery, ...rest, outcome: "refused", reason: "score 61 is below 80", loaded: 0, withheld: 970 }
  expect(summaryText(reportOf(refused), options)).toContain(
    "refused (score 61 is below 80)\n  1,000 rows read, 0 loaded, 30 rejected, 970 withheld\n",
  )
  const again: DeliveryReport = { ...delivery, ...rest, outcome: "duplicate", duplicateOf: "d0", loaded: 0, rejected: 0, skipped: 1000 }
  expect(summaryText(reportOf(again), options)).toContain("loaded before, nothing to do (by delivery d0)")
})

test("some rejected rows are shown with their places and their first reasons, and none of their cells", () => {
  const issue = { rule: "r", dimension: "validity", severity: "error", confidence: 1, code: "c" } as const
  const examples = () => [
    {
      origin: { uri: "u", row: 9, address: "B9" },
      raw: { amount: "s3cret" },
      issues: [{ ...issue, column: "amount", message: "is no number" }],
    },
    {
      origin: { uri: "u", row: 8, line: 11 },
      raw: {},
      issues: [
        { ...issue, message: "too short" },
        { ...issue, column: "id", message: "id is taken" },
      ],
    },
    { origin: { uri: "u", row: 12 }, raw: {}, issues: ["odd", "long", "red", "old", "new"].map((message) => ({ ...issue, message })) },
  ]
  const text = summaryText(reportOf(delivery), { ...options, examples })
  expect(text).toContain(
    "  for example\n    B9: amount: is no number\n    line 11: too short; id is taken\n    row 12: odd; long; red; and 2 more\n",
  )
  expect(text).not.toContain("s3cret")
})

test("several files are added up", () => {
  expect(summaryText(reportOf(delivery, delivery), options)).toContain("all 2 files: 2,000 rows read, 1,940 loaded, 60 rejected")
  expect(summaryText(reportOf(delivery), options)).not.toContain("all 1 files")
})
