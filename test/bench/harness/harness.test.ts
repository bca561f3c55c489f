import { expect, test } from "vitest"
import { inTurn, median } from "./in-turn.ts"
import { isReached, lineText } from "./line.ts"
import { timedProcess } from "./process.ts"
import { withSpeedTable } from "./speed-table.ts"

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

test("the table of README.md has the results that it tells of, as speeds, with the machine and the date", () => {
  const told = { task: "Load", peer: "copy" }
  const load = { name: "P1", ours: "2 s", peer: "4 s", figure: 0.5, target: { bound: "at most", limit: 1 }, told } as const
  const read = { ...load, name: "P4", ours: "1 s", peer: "9 s", figure: 9, target: { bound: "at least", limit: 8 } } as const
  const machine = { node: "20.1.0", cores: "2 x Chip", load: 0.1, date: new Date("2026-11-30"), repeats: 3 }
  const begin = "# Title\n\n<!-- speed: written by npm run bench -- --readme -->\n"
  const page = `${begin}old\n<!-- end of speed -->\nmore\n`
  expect(withSpeedTable(page, [load, { ...load, name: "P2", told: undefined }, read], machine)).toBe(
    `${begin}| Task | rowgate | Other tool | Speed of rowgate |
| --- | --- | --- | --- |
| Load | 2 s | copy: 4 s | 2.0 x |
| Load | 1 s | copy: 9 s | 9.0 x |

Median of 3 runs on 2026-11-30, Node 20.1.0, 2 x Chip.
<!-- end of speed -->
more
`,
  )
  expect(withSpeedTable(page, [load], { ...machine, load: 3.14 })).toContain(
    "2 x Chip. Other programs were busy on the machine (load average 3.1 for each core)",
  )
  expect(() => withSpeedTable("# Title\n", [load], machine)).toThrow("no place for the table")
  expect(() => withSpeedTable(page, [{ ...load, told: undefined }], machine)).toThrow("None of these measurements")
})

test("a process is timed with its children's CPU time, and an error contains the output", async () => {
  const busy = "for (const end = Date.now() + 300; Date.now() < end;); console.log('done')"
  const cost = await timedProcess(process.execPath, ["-e", busy])
  expect(cost.stdout).toBe("done\n")
  expect(cost.wallMs).toBeGreaterThan(300)
  expect(cost.cpuMs).toBeGreaterThan(100)
  await expect(timedProcess(process.execPath, ["-e", "console.error('no luck'); process.exit(3)"])).rejects.toThrow(/ended with 3\nno luck/)
})
