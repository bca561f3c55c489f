import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { benchServer } from "./harness/database.ts"
import { inTurn } from "./harness/in-turn.ts"
import { migrateLedger } from "./harness/migrate-ledger.ts"
import { program } from "./harness/program.ts"
import { rawCopy } from "./harness/raw-copy.ts"

/** Whether P1 keeps its ratio on a longer file. */
export const p10: Bench = {
  ids: ["P10"],
  async run({ full, repeats }) {
    const rows = full ? 10_000_000 : 3_000_000
    const [short, long] = [await ordersFile("csv", { rows: 1_000_000 }), await ordersFile("csv", { rows })]
    await using server = await benchServer(migrateLedger)
    const into = (load: (url: string) => Promise<number>) => async () => {
      await using database = await server.database()
      return await load(database.url)
    }
    const ours = (file: string) => into(async (url) => (await program("load-orders", { url, file })).wallMs)
    const peer = (file: string) => into((url) => rawCopy(url, file))
    const measured = await inTurn(repeats, { short: ours(short), shortPeer: peer(short), long: ours(long), longPeer: peer(long) })
    const atShort = measured.short / measured.shortPeer
    const atLong = measured.long / measured.longPeer
    return [
      {
        name: `P10 ratio of P1 at ${rows / 1_000_000}M rows / at 1M rows`,
        ours: atLong.toFixed(2),
        peer: atShort.toFixed(2),
        figure: atLong / atShort,
        target: { bound: "at most", limit: 1.1 },
      },
    ]
  },
}
