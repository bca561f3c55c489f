import { agree } from "./harness/agree.ts"
import type { Bench } from "./harness/bench.ts"
import { ordersFile } from "./harness/data.ts"
import { benchServer } from "./harness/database.ts"
import { inTurn } from "./harness/in-turn.ts"
import { seconds } from "./harness/line.ts"
import { migrateLedger } from "./harness/migrate-ledger.ts"
import { program } from "./harness/program.ts"
import { psqlVersion, rawCopy } from "./harness/raw-copy.ts"

const rows = 1_000_000
const copy = psqlVersion === undefined ? "pg-copy-streams" : "\\copy"

/**
 * Appends a csv file with everything on, compared with copying the raw file into the same table; and the same with damaged rows, and with a row
 * check.
 */
export const p1p2: Bench = {
  ids: ["P1", "P1B", "P2"],
  async run({ repeats }) {
    const clean = await ordersFile("csv", { rows })
    const damaged = await ordersFile("csv", { rows, damage: { share: 0.02, of: "rows" } })
    await using server = await benchServer(migrateLedger)
    const load = (file: string, rowCheck: boolean, proves: boolean) => async () => {
      await using database = await server.database()
      const { wallMs, result } = await program<{ readonly read: number; readonly rejected: number }>("load-orders", {
        url: database.url,
        file,
        rowCheck,
      })
      const loaded = await database.loaded()
      agree({ rows: result.read - result.rejected }, { rows: loaded.rows })
      if (proves) agree(loaded, await rawLoaded)
      return wallMs
    }
    const raw = async () => {
      await using database = await server.database()
      return await rawCopy(database.url, clean)
    }
    const rawLoaded = (async () => {
      await using database = await server.database()
      await rawCopy(database.url, clean)
      return await database.loaded()
    })()
    await rawLoaded
    const { ours, peer, checked, spoilt } = await inTurn(repeats, {
      ours: load(clean, false, true),
      peer: raw,
      checked: load(clean, true, true),
      spoilt: load(damaged, false, false),
    })
    const line = (name: string, one: number, other: number, limit: number) =>
      ({ name, ours: seconds(one), peer: seconds(other), figure: one / other, target: { bound: "at most", limit } }) as const
    return [
      {
        ...line(`P1 csv 1M rows, append, ours / ${copy}`, ours, peer, 1),
        told: {
          task: "Load a csv file of 1 million rows: types, rejects, ledger and score, in one transaction",
          peer: `\`${copy}\` of the raw file`,
        },
      },
      line(`P1b P1 with a check on row objects, ours / ${copy}`, checked, peer, 1.25),
      line("P2 P1 with 2 % of rows damaged, damaged / clean", spoilt, ours, 1.25),
    ]
  },
}
