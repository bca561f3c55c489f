import { join } from "node:path"
import { expect, test } from "vitest"
import { excesses } from "../cost-watch.ts"
import { measureCase } from "../measure-case.ts"
import { expected } from "./expected.ts"

// The rest of them, each in a process of its own, is in json.long.test.ts.
test.each(["arrays within arrays, a gibibyte of them", "a text of a gibibyte", "names that reach prototypes"])(
  "%s: a typed end, in bounded time and memory",
  async (name) => {
    const { outcome, rows, ...cost } = await measureCase(join(import.meta.dirname, "cases.ts"), name)
    const wanted = expected[name]
    expect([outcome, rows]).toEqual(typeof wanted === "string" ? [wanted, 0] : ["read", wanted?.rows])
    expect(excesses(cost)).toEqual([])
    expect([cost.leftFiles, cost.leftHandles]).toEqual([[], []])
  },
)
