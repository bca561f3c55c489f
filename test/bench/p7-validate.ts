import { agree } from "./harness/agree.ts"
import type { Bench } from "./harness/bench.ts"
import { inTurn } from "./harness/in-turn.ts"
import { seconds } from "./harness/line.ts"
import { program } from "./harness/program.ts"

/** Reads text cells and validates them by column, compared with zod's own `safeParse` over the same cells as objects. */
export const p7: Bench = {
  ids: ["P7"],
  async run({ full, repeats }) {
    const rows = full ? 1_000_000 : 500_000
    const lines = []
    for (const { damaged, refined = false, limit, what } of [
      { damaged: 0, limit: 5, what: "valid" },
      { damaged: 0.02, limit: 3, what: "2 % damaged" },
      { damaged: 0, refined: true, limit: 1, what: "valid, refined as a whole" },
      { damaged: 0.02, refined: true, limit: 1, what: "2 % damaged, refined as a whole" },
    ]) {
      const input = { rows, damaged, refined }
      agree((await program<object>("validate-columns", input)).result, (await program<object>("zod-rows", input)).result)
      const time = (name: string) => async () => (await program(name, input)).workMs
      const { ours, peer } = await inTurn(repeats, { ours: time("validate-columns"), peer: time("zod-rows") })
      const name = `P7 validate ${rows / 1000}k rows, ${what}, zod / ours`
      lines.push({ name, ours: seconds(ours), peer: seconds(peer), figure: peer / ours, target: { bound: "at least", limit } } as const)
    }
    return lines
  },
}
