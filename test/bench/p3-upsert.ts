import { agree } from "./harness/agree.ts"
import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { benchServer } from "./harness/database.ts"
import { inTurn } from "./harness/in-turn.ts"
import { seconds } from "./harness/line.ts"
import { migrateLedger } from "./harness/migrate-ledger.ts"
import { program } from "./harness/program.ts"
import { rawCopy, rawMerge } from "./harness/raw-copy.ts"

/** Merges a million rows by key into a table that has half of them in another form, compared with a merge written by hand. */
export const p3: Bench = {
  ids: ["P3"],
  async run({ repeats }) {
    const file = await ordersFile("csv", { rows: 1_000_000 })
    const before = await ordersFile("csv", { rows: 500_000, seed: 7 })
    await using server = await benchServer(async (url) => {
      await migrateLedger(url)
      await rawCopy(url, before)
    })
    const left: object[] = []
    const merge = (load: (url: string) => Promise<number>) => async () => {
      await using database = await server.database()
      const wallMs = await load(database.url)
      left.push(await database.loaded())
      agree(left[0] ?? {}, left.at(-1) ?? {})
      return wallMs
    }
    const { ours, peer } = await inTurn(repeats, {
      ours: merge(async (url) => (await program("load-orders", { url, file, upsert: true })).wallMs),
      peer: merge((url) => rawMerge(url, file)),
    })
    const name = "P3 upsert of 1M rows, half of them there, ours / by hand"
    return [{ name, ours: seconds(ours), peer: seconds(peer), figure: ours / peer, target: { bound: "at most", limit: 1.1 } }]
  },
}
