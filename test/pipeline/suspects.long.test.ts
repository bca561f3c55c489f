import { expect, test } from "vitest"
import type { DeliveryReport } from "../../src/model/run-report.ts"
import { detectThresholds } from "../../src/profile/detect/detect-thresholds.ts"
import { cleanTables, clinics, departures, drinks, people, sales } from "../profile/detect/clean-tables.ts"
import { type DamageKind, damaged, damageKinds } from "../profile/detect/damage.ts"
import { csvOf, suspectsOf } from "../profile/detect/measure.ts"
import { runWithoutContract } from "./run-without-contract.ts"

const shares = [0.01, 0.05, 0.2]
/** Of fewer cells that `detect` finds, none may be clear enough for a run. */
const clearlySeen = 3

const tables = await cleanTables()
const clean = new Map<string, DeliveryReport>()
for (const table of tables) clean.set(table.name, await runWithoutContract(csvOf(table)))
const overallOf = ({ score }: DeliveryReport) => score?.overall ?? Number.NaN
const suspectsIn = ({ notices }: DeliveryReport) => notices.filter(({ code }) => code === "column.suspect")

test.each([0, 11, 12, 13, 14, 15])("a run reports nothing on clean tables, and takes no points (seed %i)", async (seed) => {
  const reports =
    seed === 0
      ? [...clean.values()]
      : await Promise.all(
          [clinics(seed), departures(seed), people(seed), drinks(seed), sales(seed)].map((table) => runWithoutContract(csvOf(table))),
        )
  expect(reports.length).toBeGreaterThanOrEqual(5)
  for (const report of reports) {
    expect(suspectsIn(report)).toEqual([])
    expect(report.score).toMatchObject({ overall: 100, suspected: { cells: 0, points: 0 } })
  }
})

/** How many pairs of a clean and a damaged table had a lower score, and how many had the same because nothing was seen. */
const pairs = { lower: 0, same: 0, rising: 0 }

test.each(damageKinds)("damage lowers the score wherever detect sees it: %s", async (kind) => {
  for (const table of tables) {
    let before = overallOf(clean.get(table.name) as DeliveryReport)
    const intact = before
    for (const share of shares) {
      const dirty = damaged(table, kind, share)
      if (dirty.changed.size === 0) continue
      const report = await runWithoutContract(csvOf(dirty))
      const overall = overallOf(report)
      const place = `${table.name}, ${kind} at ${100 * share} %`
      expect(overall, place).toBeLessThanOrEqual(intact)
      if (overall === intact) {
        pairs.same++
        expect(await countSeen(dirty, kind), place).toBeLessThan(clearlySeen)
      } else pairs.lower++
      if (overall > before) pairs.rising++
      before = overall
    }
  }
})

/** How many of the changed cells `detect` finds with the suspicion that a run asks for. A run leaves out empty cells, which may be right. */
async function countSeen(dirty: ReturnType<typeof damaged>, kind: DamageKind): Promise<number> {
  if (kind === "null") return 0
  const seen = await suspectsOf(dirty, detectThresholds.clearSuspicion)
  return [...dirty.changed].filter((cell) => seen.has(cell)).length
}

test("hardly any damage is so frequent that it looks usual and the score rises again", () => {
  console.log(`scores of damaged tables: ${JSON.stringify(pairs)}`)
  expect(pairs.lower).toBeGreaterThan(200)
  expect(pairs.same).toBeLessThanOrEqual(30)
  expect(pairs.rising).toBeLessThanOrEqual(6)
})
