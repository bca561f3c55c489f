import type { Bench } from "./harness/bench.ts"
import { inTurn } from "./harness/in-turn.ts"
import { seconds } from "./harness/line.ts"
import { timedProcess } from "./harness/process.ts"

/** How much `import "rowgate"` adds to the start of a process. */
export const p12: Bench = {
  ids: ["P12"],
  async run({ repeats }) {
    const root = new URL("../../dist/index.js", import.meta.url).href
    const time = (specifier: string) => async () =>
      (await timedProcess(process.execPath, ["--input-type=module", "-e", `await import(${JSON.stringify(specifier)})`])).wallMs
    // A process starts in about 40 ms, with a variation of a few: the difference needs more measurements than the rest.
    const { ours, peer } = await inTurn(repeats * 5, { ours: time(root), peer: time("data:text/javascript,") })
    const target = { bound: "at most", limit: 25, unit: "ms" } as const
    return [{ name: "P12 import of the root over an empty module", ours: seconds(ours), peer: seconds(peer), figure: ours - peer, target }]
  },
}
