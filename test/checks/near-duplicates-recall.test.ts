import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { nearDuplicates } from "../../src/checks/near-duplicates.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { type AlikeTable, companies, persons, products, rewritings, withCopies } from "./alike-tables.ts"
import { foundBy } from "./found-by.ts"

const seeds = [1, 2]
const tables = [
  { name: "persons", make: persons, by: false },
  { name: "persons, by birth", make: persons, by: true },
  { name: "companies", make: companies, by: false },
  { name: "products", make: products, by: false },
]

interface Measure {
  readonly copies: number
  readonly found: number
  readonly falseAlarms: number
}

async function measure({ columns, by }: AlikeTable, rows: AlikeTable["rows"], copies: ReadonlySet<number>): Promise<Measure> {
  const names = [...new Set([...columns, ...by])]
  const table = Object.fromEntries(names.map((name) => [name, columnOf(rows.map((row) => row[name] ?? null))]))
  const suspects = new Set((await foundBy(nearDuplicates(columns, { by: by as never }), [table])).map(({ row }) => row))
  const found = [...suspects].filter((row) => copies.has(row)).length
  return { copies: copies.size, found, falseAlarms: suspects.size - found }
}

/** The least recall: what the check promises, and what it does not. */
const least: { readonly [kind: string]: number } = {
  case: 1,
  accents: 1,
  spaces: 1,
  punctuation: 0.99,
  "swapped words": 1,
  "one typo": 0.75,
  "two typos": 0,
  abbreviation: 0,
}

test("the table of the guide is what is measured", async () => {
  const percent = (part: number, whole: number) => (whole === 0 ? "–" : `${Math.round((100 * part) / whole)} %`)
  const sums = new Map<string, Measure>()
  const lines: string[] = []
  for (const kind of Object.keys(rewritings)) {
    const cells: string[] = []
    for (const { name, make, by } of tables) {
      let [copies, found, falseAlarms] = [0, 0, 0]
      for (const seed of seeds) {
        const table = make(2000, seed)
        const given = by ? table : { ...table, by: [] }
        const damaged = withCopies(table, kind, 0.05, seed)
        const measured = await measure(given, damaged.rows, damaged.copies)
        copies += measured.copies
        found += measured.found
        falseAlarms += measured.falseAlarms
      }
      const sum = sums.get(name) ?? { copies: 0, found: 0, falseAlarms: 0 }
      sums.set(name, { copies: sum.copies + copies, found: sum.found + found, falseAlarms: sum.falseAlarms + falseAlarms })
      if (copies > 0) expect(found / copies, `${kind} of ${name}`).toBeGreaterThanOrEqual(least[kind] ?? 1)
      cells.push(percent(found, copies))
    }
    lines.push(`| ${kind} | ${cells.join(" | ")} |`)
  }
  const precisions = tables.map(({ name }) => {
    const { found, falseAlarms } = sums.get(name) ?? { found: 0, falseAlarms: 1 }
    expect(found / (found + falseAlarms), `precision of ${name}`).toBeGreaterThanOrEqual(0.9)
    return percent(found, found + falseAlarms)
  })
  const head = [`| The copy differs in | ${tables.map(({ name }) => name).join(" | ")} |`, `|---|${tables.map(() => "---|").join("")}`]
  const table = [...head, ...lines, `| precision of all | ${precisions.join(" | ")} |`].join("\n")
  await expect(`${table}\n`).toMatchFileSnapshot("golden/near-duplicates.md")
  expect(readFileSync(new URL("../../docs/checks.md", import.meta.url), "utf8")).toContain(table)
})

test.each(tables)("tables without near-duplicates have next to no suspects: $name", async ({ make, by }) => {
  for (const seed of [11]) {
    const table = make(2000, seed)
    const { falseAlarms } = await measure(by ? table : { ...table, by: [] }, table.rows, new Set())
    expect(falseAlarms).toBeLessThanOrEqual(0.005 * table.rows.length)
  }
})
