import type { Bench } from "./harness/bench.ts"
import { program } from "./harness/program.ts"
import { wideFile } from "./harness/wide-file.ts"

interface Result {
  readonly rows: number
  readonly suspects: number
}

/** How many rows of 20 columns are judged in a second, in a table that is its own sample and in one that is read twice. */
export const detect: Bench = {
  ids: ["DETECT"],
  async run({ repeats }) {
    const line = async (rows: number) => {
      const file = await wideFile(rows)
      const rates: number[] = []
      for (let at = 0; at < repeats; at++) {
        const { workMs, result } = await program<Result>("detect-suspects", { file, rows })
        if (result.suspects > 0.005 * 20 * rows) throw new Error(`${result.suspects} cells of a clean table are suspect`)
        rates.push((1000 * rows) / workMs)
      }
      const figure = rates.sort((one, other) => one - other)[rates.length >> 1] ?? 0
      const name = `detect ${rows / 1000}k rows of 20 columns`
      return {
        name,
        ours: `${Math.round(figure)}`,
        peer: "-",
        figure,
        target: { bound: "at least", limit: 15_000, unit: "rows/s" },
      } as const
    }
    return [await line(60_000), await line(240_000)]
  },
}
