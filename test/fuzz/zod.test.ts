import { expect, test } from "vitest"
import { fuzz } from "./fuzz.ts"
import { tryZod } from "./zod.ts"

test("files of every format give the rows, values and messages of zod for generated schemas", async () => {
  const run = await fuzz(tryZod, 20_261_130, { files: 200 })
  expect(run.failures).toEqual([])
  for (const format of ["csv", "ndjson", "xlsx"]) expect(run.outcomes[format]).toBeGreaterThan(30)
})
