import { agree } from "./harness/agree.ts"
import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { inTurn } from "./harness/in-turn.ts"
import { seconds } from "./harness/line.ts"
import { program } from "./harness/program.ts"

/** Reads a workbook into typed cells, compared with exceljs's stream reader, and with only inflating the same parts. */
export const p4p5: Bench = {
  ids: ["P4", "P5"],
  async run({ repeats }) {
    const file = await ordersFile("xlsx", { rows: 200_000 })
    const [own, exceljs] = [await program<object>("xlsx-cells", { file }), await program<object>("exceljs-cells", { file })]
    agree(own.result, exceljs.result)
    const time = (name: string) => async () => (await program(name, { file })).workMs
    const { ours, peer, floor } = await inTurn(repeats, {
      ours: time("xlsx-cells"),
      peer: time("exceljs-cells"),
      floor: time("inflate-parts"),
    })
    const what = "xlsx 200k rows to typed cells"
    return [
      {
        name: `P4 ${what}, exceljs / ours`,
        ours: seconds(ours),
        peer: seconds(peer),
        figure: peer / ours,
        target: { bound: "at least", limit: 8 },
        told: { task: "Read a workbook of 200,000 rows into typed cells", peer: "exceljs" },
      },
      {
        name: `P5 ${what}, ours / inflating`,
        ours: seconds(ours),
        peer: seconds(floor),
        figure: ours / floor,
        target: { bound: "at most", limit: 1.5 },
      },
    ]
  },
}
