import { expect, test } from "vitest"
import { conserves } from "../../src/model/run-report.ts"
import { createPipeline } from "../../src/pipeline/build/create-pipeline.ts"
import { memory } from "../../src/sinks/memory.ts"
import { bytes } from "../../src/sources/bytes.ts"

test("a report counts the lines above and below the table beside its rows", async () => {
  const text = "Orders\nof May\n\nid,amount\n1,5\n2,6\n2,6,7\n\nid,name,city\n1,Ann,Oslo\n2,Bo,Rome\n3,Cy,Bonn\n"
  const report = await createPipeline({ name: "orders" })
    .from(bytes(text, { name: "orders.csv" }))
    .into(memory())
    .run()
  const [delivery] = report.deliveries
  expect(delivery).toMatchObject({ read: 3, loaded: 2, rejected: 1, skippedAbove: 6 })
  expect(delivery?.notices.map(({ code }) => code)).toEqual(["csv.preamble", "table.second"])
  expect(conserves(report)).toBe(true)
  const lines = text.split("\n").filter((line) => line !== "").length
  expect((delivery?.read ?? 0) + (delivery?.skippedAbove ?? 0) + 1).toBe(lines)
})

test("a report has no such count if every line is a row or the header", async () => {
  const report = await createPipeline({ name: "orders" })
    .from(bytes("id,amount\n1,5\n", { name: "orders.csv" }))
    .into(memory())
    .run()
  expect(report.deliveries[0]).not.toHaveProperty("skippedAbove")
})
