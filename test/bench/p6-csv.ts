import { agree } from "./harness/agree.ts"
import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { inTurn } from "./harness/in-turn.ts"
import { seconds } from "./harness/line.ts"
import { program } from "./harness/program.ts"

/** Reads a csv file into columns, with one numeric sum and one distinct count, compared with csv-parse and papaparse. */
export const p6: Bench = {
  ids: ["P6"],
  async run({ repeats }) {
    const file = await ordersFile("csv", { rows: 1_000_000 })
    const own = await program<object>("csv-columns", { file })
    for (const name of ["csv-parse-columns", "papaparse-columns"]) agree(own.result, (await program<object>(name, { file })).result)
    const time = (name: string) => async () => (await program(name, { file })).workMs
    const { ours, csvParse, papaparse } = await inTurn(repeats, {
      ours: time("csv-columns"),
      csvParse: time("csv-parse-columns"),
      papaparse: time("papaparse-columns"),
    })
    const line = (name: string, peer: number, limit: number) =>
      ({
        name: `P6 csv 1M rows to columns, ${name} / ours`,
        ours: seconds(ours),
        peer: seconds(peer),
        figure: peer / ours,
        target: { bound: "at least", limit },
        told: {
          task: "Read a csv file of 1 million rows into columns, sum one and count another",
          peer: name.replace("papaparse", "Papa Parse"),
        },
      }) as const
    return [line("csv-parse", csvParse, 10), line("papaparse", papaparse, 2.5)]
  },
}
