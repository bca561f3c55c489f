import { join } from "node:path"
import { expect, test } from "vitest"
import { excesses } from "../cost-watch.ts"
import { measureCase } from "../measure-case.ts"
import { expected } from "./expected.ts"

// The other cases each run in a separate process in json.long.test.ts.
test.each(["a gibibyte of nested arrays", "a text of a gibibyte", "names of prototype properties"])(
  "%s: ends as expected, in bounded time and memory",
  async (name) => {
    const { outcome, rows, ...cost } = await measureCase(join(import.meta.dirname, "cases.ts"), name)
    const wanted = expected[name]
    expect([outcome, rows]).toEqual(typeof wanted === "string" ? [wanted, 0] : ["read", wanted?.rows])
    expect(excesses(cost)).toEqual([])
    expect([cost.leftFiles, cost.leftHandles]).toEqual([[], []])
  },
)
