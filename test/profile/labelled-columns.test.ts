import { existsSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { vegaColumns, vegaData } from "./labelled-columns.ts"

test("every labelled column has a kind that a proposal can have, and a file", () => {
  expect(new Set(vegaColumns.map(({ kind }) => kind))).toEqual(
    new Set(["text", "integer", "decimal", "date", "timestamp", "boolean", "json"]),
  )
  for (const { dataset } of vegaColumns) expect(existsSync(join(vegaData, dataset.split("#")[0] ?? "")), dataset).toBe(true)
  expect(new Set(vegaColumns.map(({ dataset, column }) => `${dataset} ${column}`)).size).toBe(vegaColumns.length)
})
