import { expect } from "vitest"
import { z } from "zod"
import { bytes, check, createPipeline, memory } from "../../../src/index.ts"
import type { PartialScore } from "../../../src/pipeline/score/partial-score.ts"
import { mergeScorecards, scoreSource } from "../../../src/score.ts"

export const Order = z.object({ id: z.int(), country: z.string().nullable(), amount: z.number().max(1000), on: z.date().optional() })
export type Order = z.infer<typeof Order>

export const asOf = new Date("2025-07-01")
const header = "id,country,amount,on\n"

/** Rules of every dimension, with two keys. The rules behind the keys see rows that repeat them. */
export const orders = createPipeline({ name: "orders" })
  .validate(Order)
  .check(check.unique("id"))
  .check(check.unique("country", "amount"))
  .check(({ amount, country }) => (amount > 500 && country === "DE" ? { code: "high", message: "high" } : undefined), {
    name: "high",
    dimension: "accuracy",
  })
  .check(check.foreignKey("country", ["DE", "FR"]))
  .check({
    kind: "column",
    name: "odd",
    columns: ["amount"],
    dimension: "consistency",
    test(batch, fail) {
      for (const row of batch.selection)
        if (batch.columns.amount.at(row) === 13) fail(row, { code: "odd", message: "odd", severity: "warning" })
    },
  })
  .score({ expected: ["country"], timeliness: { column: "on" }, criticality: { amount: 3 } })
  .into(memory())

/** Numbers in [0, 1) from a seed. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 2 ** 32
  }
}

function linesOf(count: number, seed: number): readonly string[] {
  const random = randomFrom(seed)
  const one = (...values: readonly string[]) => values[Math.floor(random() * values.length)] ?? ""
  return Array.from({ length: count }, () => {
    const id = random() < 0.05 ? "x" : String(Math.floor(random() * count * 1.5))
    return `${id},${one("DE", "FR", "XX", "")},${one("1", "2", "13", "600", "5000", "?", String(random()))},${one("2025-07-01", "2024-07-01", "", "soon")}\n`
  })
}

export const sourceOf = (lines: readonly string[]) => bytes(header + lines.join(""))

/** The lines in parts of random lengths, in order; some are empty. */
function cut(lines: readonly string[], parts: number, random: () => number): readonly (readonly string[])[] {
  const cuts = Array.from({ length: parts - 1 }, () => Math.floor(random() * (lines.length + 1))).sort((one, other) => one - other)
  return [0, ...cuts].map((from, at) => lines.slice(from, cuts[at]))
}

function shuffled<V>(values: readonly V[], random: () => number): readonly V[] {
  return values
    .map((value) => [random(), value] as const)
    .sort(([one], [other]) => one - other)
    .map(([, value]) => value)
}

/** Fails unless the scores of so many parts, merged in so many orders, are to the last bit the scorecard of a run over all lines, but for the worst rows, which have places in several files. */
export async function expectSameCard(parts: number, orderCount: number, lineCount: number): Promise<void> {
  const random = randomFrom(parts)
  const lines = linesOf(lineCount, parts)
  const report = await orders.run({ source: sourceOf(lines), asOf })
  const card = report.deliveries[0]?.score
  const scores: PartialScore[] = []
  for (const [part, own] of cut(lines, parts, random).entries())
    scores.push(JSON.parse(JSON.stringify(await scoreSource(orders, { source: sourceOf(own), part, asOf }))))
  for (let order = 0; order < orderCount; order++) {
    const merged = await mergeScorecards(shuffled(scores, random))
    if (JSON.stringify(merged) !== JSON.stringify({ ...card, worstRows: [] })) expect.unreachable(`order ${order}`)
  }
  expect(Object.keys(card?.dimensions ?? {})).toHaveLength(6)
  expect(card?.lost.filter(({ dimension }) => dimension === "uniqueness")).toHaveLength(2)
}
