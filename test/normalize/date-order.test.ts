import { describe, expect, test } from "vitest"
import { z } from "zod"
import type { Stage } from "../../src/contract/stage.ts"
import { date } from "../../src/normalize/date.ts"
import { normalize } from "../../src/normalize/normalize.ts"
import { validate } from "../../src/validate/validate.ts"
import { textLayouts } from "../model/layouts.ts"
import { runStage, stageContext, tableOf } from "../run-stage.ts"

const stages: readonly (readonly [string, Stage<unknown, { readonly at: Date | null }>])[] = [
  ["a date normalizer", normalize({ columns: { at: date() } })],
  ["a schema with a date", validate(z.object({ at: z.date() }))],
]

describe.each(stages)("%s", (_name, stage) => {
  describe.each(Object.entries(textLayouts))("on text as %s", (_layout, column) => {
    const read = async (batches: readonly (readonly string[])[], context = stageContext()) => {
      const tables = batches.map((cells) => tableOf({ at: column(cells) }))
      const table = tables[0]?.table
      const made = await runStage(stage, table === undefined ? [] : tables.map((batch) => batch.withTable(table)), context)
      return made.flatMap((batch) =>
        Array.from({ length: batch.length }, (_, row) => batch.issues.of(row)[0]?.code ?? batch.column("at")?.at(row)),
      )
    }

    test("uses the order that the first cells prove for all later ones, and stores it in the plan", async () => {
      const context = stageContext()
      expect(await read([["03/04/2025", "25/12/2025"], ["05/06/2025"]], context)).toEqual(
        ["2025-04-03", "2025-12-25", "2025-06-05"].map((day) => new Date(day)),
      )
      expect(JSON.parse(JSON.stringify(context.plan))).toMatchObject({ dates: { at: "day-first" } })
    })

    test("leaves a date undecided if nothing proves the order, and reads those that fit only one order", async () => {
      expect(await read([["03/04/2025", "05/05/2025"], ["12/25/2025"]])).toEqual([
        "date.ambiguous",
        new Date("2025-05-05"),
        new Date("2025-12-25"),
      ])
    })

    test("judges each date alone if the first cells have both orders", async () => {
      expect(await read([["25/12/2025", "12/25/2025", "03/04/2025"]])).toEqual([
        new Date("2025-12-25"),
        new Date("2025-12-25"),
        "date.ambiguous",
      ])
    })

    test("stops the run if a later cell contradicts the order, because earlier ones may have been misread", async () => {
      await expect(read([["03/04/2025", "25/12/2025"], ["12/25/2025"]])).rejects.toMatchObject({
        code: "PLAN_CONTRADICTED",
        message: "The date in row 2, column at, contradicts the order (day-first) that earlier rows of this column proved.",
        remedy: expect.stringContaining('date(["dd/MM/yyyy"])'),
      })
    })

    test("keeps the order in the plan", async () => {
      const context = stageContext()
      context.plan?.settleDates("at", () => "month-first")
      expect(await read([["03/04/2025"]], context)).toEqual([new Date("2025-03-04")])
    })
  })
})

test("has no order to prove or contradict with declared formats", async () => {
  const stage = normalize({ columns: { at: date(["dd/MM/yyyy"]) } })
  const [batch] = await runStage(stage, [tableOf({ at: textLayouts["bytes"]?.(["03/04/2025", "12/25/2025"]) ?? expect.unreachable() })])
  expect(batch?.columns.at.at(0)).toEqual(new Date("2025-04-03"))
  expect(batch?.issues.of(1)[0]?.code).toBe("date.unreadable")
})
