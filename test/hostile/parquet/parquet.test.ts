import { expect, test } from "vitest"
import { RowgateError } from "../../../src/errors/rowgate-error.ts"
import { readContext } from "../../parsers/read-table.ts"
import { cases } from "./cases.ts"
import { expected } from "./expected.ts"

/** What becomes of a case in this process: `parquet.long.test.ts` measures each in one of its own. */
async function outcomeOf(name: string): Promise<string | number> {
  const given = await cases[name]?.()
  if (given === undefined) throw new Error(`there is no case ${name}`)
  let rows = 0
  try {
    for await (const batch of given.parser.parse(given.file, readContext())) rows += batch.length
    return rows
  } catch (error) {
    if (error instanceof RowgateError) return error.code
    throw error
  }
}

test("hostile parquet files end in the code that says why", { timeout: 60_000 }, async () => {
  const outcomes: { [name: string]: string | number } = {}
  for (const name of Object.keys(cases)) outcomes[name] = await outcomeOf(name)
  expect(outcomes).toEqual(expected)
})
