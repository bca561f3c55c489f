import { join } from "node:path"
import { file, json, type Parser } from "rowgate"
import { inferContract } from "rowgate/profile"
import { expect, test } from "vitest"
import { vegaColumns, vegaData } from "./labelled-columns.ts"

/** The share of columns on which the inference has to agree with the reader. */
const leastAgreement = 0.97

test("the inferred kinds agree with a careful reader", async () => {
  const wrong: string[] = []
  for (const dataset of new Set(vegaColumns.map((column) => column.dataset))) {
    const [name = "", path] = dataset.split("#")
    const parser: Parser | undefined = path === undefined ? undefined : json({ path })
    const { proposal } = await inferContract(file(join(vegaData, name)), { parser })
    const kinds = new Map(proposal.columns.map(({ name, kind }) => [name, kind]))
    for (const { column, kind } of vegaColumns.filter((each) => each.dataset === dataset))
      if (kinds.get(column) !== kind) wrong.push(`${dataset} ${column}: ${kind}, inferred as ${kinds.get(column)}`)
  }
  expect(wrong.length, wrong.join("\n")).toBeLessThanOrEqual(vegaColumns.length * (1 - leastAgreement))
}, 60_000)
