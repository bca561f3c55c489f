import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { cleanTables } from "./clean-tables.ts"
import { type DamageKind, damaged, damageKinds } from "./damage.ts"
import { type Measure, measure, suspectsOf } from "./measure.ts"

const shares = [0.01, 0.05, 0.2]
const tables = await cleanTables()
const before = new Map(await Promise.all(tables.map(async (table) => [table.name, await suspectsOf(table)] as const)))

/** What `detect` finds of a kind of damage in all tables together. */
async function sumOf(kind: DamageKind, share: number): Promise<Measure> {
  const sum = { cells: 0, changed: 0, found: 0, falseAlarms: 0 }
  for (const table of tables) {
    const { cells, changed, found, falseAlarms } = await measure(damaged(table, kind, share), kind, before.get(table.name) ?? new Set())
    if (changed === 0) continue
    sum.cells += cells
    sum.changed += changed
    sum.found += found
    sum.falseAlarms += falseAlarms
  }
  return sum
}

const percent = (part: number, whole: number) => `${Math.round((100 * part) / Math.max(1, whole))} %`
const lines: string[] = []

// The least recall at 1 %, 5 % and 20 %, and the least precision, some points below what is measured.
const least: { readonly [K in DamageKind]: readonly [number, number, number, number] } = {
  typo: [0.7, 0.65, 0.55, 0.9],
  "stray letter": [0.8, 0.7, 0.5, 0.9],
  "swap in a column": [0.25, 0.25, 0.15, 0.8],
  "swapped fields": [0.75, 0.5, 0.3, 0.9],
  null: [0.9, 0.25, 0.25, 0.95],
  "disguised null": [0.9, 0.9, 0.9, 0.95],
  format: [0.85, 0.85, 0.75, 0.95],
  unit: [0.5, 0.5, 0.5, 0.95],
  outlier: [0.6, 0.6, 0.2, 0.95],
  duplicate: [0.85, 0.85, 0.85, 0.95],
  "broken dependency": [0.95, 0.9, 0.65, 0.9],
  "stale date": [0.3, 0.3, 0.2, 0.9],
}

test.each(damageKinds)("finds damage of the kind: %s", async (kind) => {
  const sums: Measure[] = []
  for (const share of shares) sums.push(await sumOf(kind, share))
  const [one, five, twenty, precision] = least[kind]
  const recalls = sums.map(({ found, changed }) => found / changed)
  for (const { changed } of sums) expect(changed).toBeGreaterThan(20)
  for (const [at, bound] of [one, five, twenty].entries())
    expect(recalls[at], `recall at ${(shares[at] ?? 0) * 100} %`).toBeGreaterThanOrEqual(bound)
  const all = sums.reduce((sum, each) => ({ found: sum.found + each.found, falseAlarms: sum.falseAlarms + each.falseAlarms }), {
    found: 0,
    falseAlarms: 0,
  })
  expect(all.found / (all.found + all.falseAlarms), "precision").toBeGreaterThanOrEqual(precision)
  const cells = [...sums.map(({ found, changed }) => percent(found, changed)), percent(all.found, all.found + all.falseAlarms)]
  lines.push(`| ${kind} | ${cells.join(" | ")} |`)
})

test("the recall table of the guide is what is measured", async () => {
  const table = ["| Damage | at 1 % | at 5 % | at 20 % | precision |", "|---|---|---|---|---|", ...lines].join("\n")
  await expect(`${table}\n`).toMatchFileSnapshot("../golden/detect-recall.md")
  expect(readFileSync(new URL("../../../docs/detect.md", import.meta.url), "utf8")).toContain(table)
})
