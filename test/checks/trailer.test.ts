import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { trailer } from "../../src/checks/trailer.ts"
import { bytes, createPipeline, memory } from "../../src/index.ts"
import { columnOf } from "../../src/model/column-of.ts"
import { check } from "../../src/validate/check.ts"
import { tableOf } from "../run-stage.ts"
import { validateAtOnce, validateInParts } from "../validate/parts/in-parts.ts"
import { foundBy, rowsFailedBy } from "./found-by.ts"

const rule = trailer("kind", "T", { count: "id", sums: { amount: "amount" }, ignore: ["H"] })

describe("trailer", () => {
  test("accepts right totals, and blames each cell of the control record that holds a wrong one", async () => {
    const table = (id: string, amount: string) => ({
      kind: ["H", "D", "D", "D", "T"],
      id: ["", "1", "2", "3", id],
      amount: ["9", "0.10", "0.20", null, amount],
    })
    expect(await foundBy(rule, [table("3", "0.3")])).toEqual([])
    expect(await foundBy(rule, [table("4", "0.31")])).toEqual([
      expect.objectContaining({
        row: 4,
        code: "trailer.wrong",
        column: "id",
        rule: "trailer.kind",
        dimension: "consistency",
        message: 'The control record says "4", but the number of rows above it is 3.',
      }),
      expect.objectContaining({
        row: 4,
        column: "amount",
        message: 'The control record says "0.31", but the sum of amount above it is 0.30.',
      }),
    ])
  })

  test("each control record covers the rows since the one before, and an empty total is not judged", async () => {
    const kind = ["D", "T", "D", "D", "T", "T"]
    expect(await rowsFailedBy(trailer("kind", "T", { count: "id" }), { kind, id: [7, 1, 8, 9, 3, null] })).toEqual([4])
  })

  test("finds in parts what it finds in one pass", async () => {
    const row = fc.tuple(fc.constantFrom("D", "D", "D", "T", "H"), fc.integer({ min: 0, max: 3 }))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(row, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 }), async (parts) => {
        const stages = [check(rule as never)] as never
        const make = (part: (typeof parts)[number]) => () => [
          tableOf({
            kind: columnOf(part.map(([kind]) => kind)),
            id: columnOf(part.map(([, number]) => number)),
            amount: columnOf(part.map(([, number]) => number)),
          }),
        ]
        const whole = await validateAtOnce(
          stages,
          parts.flatMap((part) => make(part)()),
        )
        const { validated } = await validateInParts(stages, parts.map(make))
        expect(validated.rows.map(({ issues }) => issues)).toEqual(whole.rows.map(({ issues }) => issues))
      }),
      { numRuns: 60 },
    )
  })

  test("with a gate, a file that lost rows on its way is refused", async () => {
    const load = async (lines: string) => {
      const pipeline = createPipeline({ name: "cut" })
        .from(bytes(`kind,id,amount\n${lines}`))
        .check(rule as never)
        .score({ minimum: { consistency: 100 } })
        .into(memory() as never)
      return (await pipeline.run()).deliveries[0]?.outcome
    }
    expect(await load("D,1,5\nD,2,6\nT,2,11\n")).toBe("loaded")
    expect(await load("D,1,5\nT,2,11\n")).toBe("refused")
  })
})
