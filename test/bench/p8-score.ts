import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { inTurn } from "./harness/in-turn.ts"
import { seconds } from "./harness/line.ts"
import { program } from "./harness/program.ts"

interface Result {
  readonly passing: number
  readonly assessed: number
  readonly overall: number
}

/** The additional cost of the score after parsing and validating, with all six dimensions assessed. */
export const p8: Bench = {
  ids: ["P8"],
  async run({ repeats }) {
    const file = await ordersFile("csv", { rows: 1_000_000, damage: { share: 0.02, of: "rows" } })
    const time = (score: boolean) => async () => {
      const { workMs, result } = await program<Result>("score-orders", { file, score }, { sources: true })
      if (score && result.assessed !== 6) throw new Error(`${result.assessed} dimensions were assessed instead of six`)
      return workMs
    }
    const { ours, peer } = await inTurn(repeats, { ours: time(true), peer: time(false) })
    const name = "P8 csv 1M rows to nowhere, scored / not scored"
    return [{ name, ours: seconds(ours), peer: seconds(peer), figure: ours / peer, target: { bound: "at most", limit: 1.15 } }]
  },
}
