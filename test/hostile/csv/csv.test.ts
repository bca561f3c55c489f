import { join } from "node:path"
import { expect, test } from "vitest"
import { excesses } from "../cost-watch.ts"
import { measureCase } from "../measure-case.ts"
import { expected } from "./expected.ts"

// The other cases each run in a separate process in csv.long.test.ts.
test.each(["a line of a gibibyte", "an unclosed quote in every line", "a hundred thousand columns"])(
  "%s: ends as expected, in bounded time and memory",
  async (name) => {
    const { outcome, rejected, ...cost } = await measureCase(join(import.meta.dirname, "cases.ts"), name)
    const wanted = expected[name]
    expect([outcome, rejected]).toEqual(typeof wanted === "string" ? [wanted, 0] : ["read", wanted?.rejected])
    expect(excesses(cost)).toEqual([])
    expect([cost.leftFiles, cost.leftHandles]).toEqual([[], []])
  },
)
