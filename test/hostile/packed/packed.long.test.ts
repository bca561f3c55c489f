import { join } from "node:path"
import { expect, test } from "vitest"
import { excesses } from "../cost-watch.ts"
import { measureCase } from "../measure-case.ts"
import { archives, cases } from "./cases.ts"

const ends = Object.values(archives).flatMap((archive) => Object.values(archive.ends))

test.each(Object.keys(cases).map((name, at) => [name, ends[at]] as const))(
  "%s: rows or a code, in bounded time and memory",
  async (name, end) => {
    const { outcome, message, rows, ...cost } = await measureCase(join(import.meta.dirname, "cases.ts"), name)
    expect(outcome === "read" ? rows : outcome, message).toBe(end)
    if (end === "LIMIT_EXCEEDED") expect(message).toMatch(/limits\.\w+/)
    expect(excesses(cost)).toEqual([])
    expect([cost.leftFiles, cost.leftHandles]).toEqual([[], []])
  },
)
