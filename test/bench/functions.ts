import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { seconds } from "./harness/line.ts"
import { program } from "./harness/program.ts"

/** What `children/functions.ts` measures. */
interface FunctionsCost {
  readonly oneMs: number
  readonly functionsMs: number
  readonly parserMs: number
  readonly bytes: number
}

const partBytes = 64 << 20

/** A file through the five functions, one after another, compared with one process. The functions write and read each row three times. */
export const functions: Bench = {
  ids: ["FUNCTIONS"],
  async run({ repeats }) {
    const lines = []
    for (const [format, rows] of [
      ["csv", 2_000_000],
      ["xlsx", 200_000],
    ] as const) {
      const file = await ordersFile(format, { rows, damage: { share: 0.02, of: "rows" } })
      const costs: FunctionsCost[] = []
      for (let round = 0; round < repeats; round++)
        costs.push((await program<FunctionsCost>("functions", { file, partBytes }, { sources: true })).result)
      const median = (of: keyof FunctionsCost) => costs.map((cost) => cost[of]).sort((one, other) => one - other)[costs.length >> 1] ?? 0
      const speed = (median("bytes") / 1000 / median("parserMs")).toFixed(1)
      lines.push({
        name: `functions ${format} ${rows / 1000}k rows, parser ${speed} MB/s, all / one process`,
        ours: seconds(median("functionsMs")),
        peer: seconds(median("oneMs")),
        figure: median("functionsMs") / median("oneMs"),
        target: { bound: "at most", limit: 6 },
      } as const)
    }
    return lines
  },
}
