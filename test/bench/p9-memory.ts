import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { program } from "./harness/program.ts"

/** The largest resident set of a process that reads, validates and scores rows of which 2% are damaged, and whether ten times the rows need more. */
export const p9: Bench = {
  ids: ["P9"],
  async run({ full }) {
    const few = 1_000_000
    const many = full ? 10_000_000 : 3_000_000
    const peak = async (format: "csv" | "xlsx", rows: number) => {
      const file = await ordersFile(format, { rows, damage: { share: 0.02, of: "rows" } })
      return (await program("drop-orders", { files: [file] })).maxRssMb
    }
    const small = await peak("csv", few)
    const large = await peak("csv", many)
    const sheetRows = full ? 1_000_000 : 200_000
    const sheet = await peak("xlsx", sheetRows)
    const memory = (name: string, figure: number) =>
      ({ name, ours: megabytes(figure), peer: "-", figure, target: { bound: "at most", limit: 200, unit: "MB" } }) as const
    return [
      memory(`P9 peak of csv ${many / 1000}k rows`, large),
      memory(`P9 peak of xlsx ${sheetRows / 1000}k rows`, sheet),
      {
        name: `P9 csv ${many / 1000}k rows / ${few / 1000}k rows, keys held exactly`,
        ours: megabytes(large),
        peer: megabytes(small),
        // Exact uniqueness may add 16 bytes per key; everything else must stay the same.
        figure: (large - (16 * (many - few)) / 2 ** 20) / small,
        target: { bound: "at most", limit: 1.1 },
      },
    ]
  },
}

function megabytes(value: number): string {
  return `${value.toFixed(0)} MB`
}
