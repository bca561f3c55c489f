import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { program } from "./harness/program.ts"

/** What `children/part-file.ts` measures. */
interface PartCost {
  readonly writeMs: number
  readonly readMs: number
  readonly zipMs: number
  readonly unzipMs: number
  readonly bytes: number
  readonly partBytes: number
  readonly zippedBytes: number
}

/** Writes and reads a part file, compared with gzip on the csv file of the same rows. Speeds count the bytes of the csv file. */
export const parts: Bench = {
  ids: ["PARTS"],
  async run({ repeats }) {
    const file = await ordersFile("csv", { rows: 1_000_000 })
    const costs: PartCost[] = []
    for (let round = 0; round < repeats; round++) costs.push((await program<PartCost>("part-file", { file }, { sources: true })).result)
    const median = (of: keyof PartCost) => costs.map((cost) => cost[of]).sort((one, other) => one - other)[costs.length >> 1] ?? 0
    const bytes = median("bytes")
    const speed = (ms: number) => `${(bytes / 1000 / ms).toFixed(0)} MB/s`
    const line = (name: string, ours: keyof PartCost, peer: keyof PartCost, limit: number) =>
      ({
        name: `parts ${name} 1M rows, ours / gzip of the csv`,
        ours: speed(median(ours)),
        peer: speed(median(peer)),
        figure: median(peer) / median(ours),
        target: { bound: "at least", limit },
      }) as const
    return [
      line("write", "writeMs", "zipMs", 2),
      line("read", "readMs", "unzipMs", 0.5),
      {
        name: "parts size of 1M rows, ours / gzip of the csv",
        ours: `${(median("partBytes") / 1e6).toFixed(1)} MB`,
        peer: `${(median("zippedBytes") / 1e6).toFixed(1)} MB`,
        figure: median("partBytes") / median("zippedBytes"),
        target: { bound: "at most", limit: 1.6 },
      },
    ]
  },
}
