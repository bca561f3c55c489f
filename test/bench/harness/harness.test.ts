import { expect, test } from "vitest"
import { inTurn, median } from "./in-turn.ts"
import { isReached, lineText } from "./line.ts"
import { timedProcess } from "./process.ts"

test("the median of an even number of values is between the two middle ones", () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 2, 10])).toBe(3)
  expect(() => median([])).toThrow("nothing was measured")
})

test("sides are measured in turn, and each is first in every other round", async () => {
  const order: string[] = []
  const side = (name: string, figures: number[]) => async () => {
    order.push(name)
    return figures.shift() ?? Number.NaN
  }
  expect(await inTurn(3, { ours: side("ours", [3, 1, 2]), peer: side("peer", [30, 10, 20]) })).toEqual({ ours: 2, peer: 20 })
  expect(order).toEqual(["ours", "peer", "peer", "ours", "ours", "peer"])
})

test("a line says whether its target is reached, including the limit itself", () => {
  const line = { name: "P1 append", ours: "2.61 s", peer: "2.40 s", figure: 1.0875, target: { bound: "at most", limit: 1 } } as const
  expect(lineText(line).split(/ {2,}/)).toEqual(["P1 append", "2.61 s", "2.40 s", "1.09", "<= 1", "SHORT"])
  expect(isReached({ ...line, figure: 1 })).toBe(true)
  expect(isReached({ ...line, target: { bound: "at least", limit: 8 }, figure: 8 })).toBe(true)
  expect(isReached({ ...line, target: { bound: "at least", limit: 8 }, figure: 7.99 })).toBe(false)
})

test("a process is timed with its children's CPU time, and an error contains the output", async () => {
  const busy = "for (const end = Date.now() + 300; Date.now() < end;); console.log('done')"
  const cost = await timedProcess(process.execPath, ["-e", busy])
  expect(cost.stdout).toBe("done\n")
  expect(cost.wallMs).toBeGreaterThan(300)
  expect(cost.cpuMs).toBeGreaterThan(100)
  await expect(timedProcess(process.execPath, ["-e", "console.error('no luck'); process.exit(3)"])).rejects.toThrow(/ended with 3\nno luck/)
})
