import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { bytes, check, createPipeline, type Dimension, dimensions, memory, type Scorecard } from "../../src/index.ts"

const Order = z.object({
  id: z.int(),
  customer: z.string(),
  status: z.string(),
  amount: z.number().max(1000),
  net: z.number(),
  on: z.date(),
  note: z.string().optional(),
})

const orders = createPipeline({ name: "orders" })
  .validate(Order)
  .check(check.foreignKey("customer", ["Ada", "Bo", "Cy"]))
  .check(({ status }) => (["open", "paid"].includes(status) ? undefined : { code: "status", message: "no such status" }), {
    name: "status",
    columns: ["status"],
    dimension: "accuracy",
  })
  .check(({ net, amount }) => (net > amount ? { code: "net", message: "more than the amount", column: "net" } : undefined), {
    name: "net",
    columns: ["net", "amount"],
    dimension: "consistency",
  })
  .check(check.unique("id"))
  .score({ expected: ["note"], timeliness: { column: "on", slaDays: 1, halfLifeDays: 1 } })
  .into(memory())

type Cells = { readonly [C in keyof z.input<typeof Order>]: string }

const rowCount = 1000
const clean = Array.from({ length: rowCount }, (_, row): Cells => {
  const [customer = "", status = ""] =
    [
      ["Ada", "open"],
      ["Bo", "paid"],
      ["Cy", "open"],
    ][row % 3] ?? []
  return { id: String(row), customer, status, amount: String(100 + (row % 50)), net: String(row % 90), on: "2025-07-01", note: "n" }
})

/** What damage does to a row, and the dimension that it belongs to. */
interface Damage {
  readonly kind: string
  readonly dimension: Dimension
  readonly damage: (row: Cells, before: Cells) => Partial<Cells>
}

const damages: readonly Damage[] = [
  { kind: "a required cell is emptied", dimension: "completeness", damage: () => ({ status: "" }) },
  { kind: "an expected cell is emptied", dimension: "completeness", damage: () => ({ note: "" }) },
  { kind: "a number becomes a word", dimension: "validity", damage: () => ({ amount: "many" }) },
  { kind: "a date is written in another way", dimension: "validity", damage: () => ({ on: "1st of July" }) },
  { kind: "a number changes its unit", dimension: "validity", damage: ({ amount }) => ({ amount: `${amount}000` }) },
  { kind: "a status is misspelt", dimension: "accuracy", damage: ({ status }) => ({ status: `${status}e` }) },
  { kind: "a reference leads nowhere", dimension: "consistency", damage: ({ customer }) => ({ customer: `${customer}x` }) },
  { kind: "two numbers contradict each other", dimension: "consistency", damage: () => ({ net: "999" }) },
  { kind: "a key is repeated", dimension: "uniqueness", damage: (_row, { id }) => ({ id }) },
  { kind: "a date is a year old", dimension: "timeliness", damage: () => ({ on: "2024-07-01" }) },
]
const shares = [0.01, 0.05, 0.1, 0.2, 0.35, 0.5]

/** The rows at even distances, never the first one. */
async function cardOf({ damage }: Damage, share: number): Promise<Scorecard> {
  const damaged = new Set(
    Array.from({ length: rowCount * share }, (_, at) => Math.floor(((at + 0.5) * rowCount) / (rowCount * share)) || 1),
  )
  // With every second row damaged, each one after an intact row, a repeated key is that of an intact row.
  const rows = clean.map((row, at) => (damaged.has(at) ? { ...row, ...damage(row, clean[at - 1] ?? row) } : row))
  const text = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(",")).join("\n")
  const report = await orders.run({ source: bytes(`${text}\n`), asOf: new Date("2025-07-01") })
  const score = report.deliveries[0]?.score
  if (score === undefined || damaged.size !== rowCount * share) throw new Error("The damage is not what it should be.")
  return score
}

describe("damage lowers the score of its dimension in proportion, and no other", () => {
  test("as the table of the guide says", async () => {
    const lines: string[] = []
    for (const each of damages) {
      const slopes: number[] = []
      const overall: number[] = []
      for (const share of shares) {
        const card = await cardOf(each, share)
        const { score, judged } = card.dimensions[each.dimension] ?? { score: Number.NaN, judged: Number.NaN }
        // One column of the dimension is damaged, and judged in every row.
        slopes.push(((100 - score) * judged) / rowCount / (100 * share))
        overall.push(card.overall ?? Number.NaN)
        for (const other of dimensions)
          if (other !== each.dimension) expect([each.kind, other, card.dimensions[other]?.score]).toEqual([each.kind, other, 100])
      }
      for (const slope of slopes) expect(slope, each.kind).toBeGreaterThan(0.9)
      for (const slope of slopes) expect(slope, each.kind).toBeLessThan(1.1)
      expect(overall, each.kind).toEqual(overall.toSorted((one, other) => other - one))
      expect(new Set(overall).size, each.kind).toBe(shares.length)
      lines.push(`| ${each.kind} | ${each.dimension} | ${slopes.map((slope) => slope.toFixed(2)).join(" | ")} |`)
    }
    const head = [
      `| Damage | Dimension | ${shares.map((share) => `${100 * share} %`).join(" | ")} |`,
      `|---|---|${shares.map(() => "---:").join("|")}|`,
    ]
    expect(readFileSync(new URL("../../docs/score.md", import.meta.url), "utf8")).toContain([...head, ...lines].join("\n"))
  })
})
