import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { inTurn } from "./harness/in-turn.ts"
import { seconds } from "./harness/line.ts"
import { program } from "./harness/program.ts"

/** Four files at once in one process, compared with four times one file. */
export const p13: Bench = {
  ids: ["P13"],
  async run({ full, repeats }) {
    const rows = full ? 1_000_000 : 250_000
    const files: string[] = []
    for (let part = 0; part < 4; part++) files.push(await ordersFile("csv", { first: part * rows, rows }))
    const time =
      (...paths: readonly string[]) =>
      async () =>
        (await program("drop-orders", { files: paths })).workMs
    const { ours, one } = await inTurn(repeats, { ours: time(...files), one: time(...files.slice(0, 1)) })
    const name = `P13 4 files of ${rows / 1000}k rows at once / 4 x one file`
    return [{ name, ours: seconds(ours), peer: seconds(4 * one), figure: ours / (4 * one), target: { bound: "at most", limit: 0.6 } }]
  },
}
