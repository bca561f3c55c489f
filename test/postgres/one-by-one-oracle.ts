import type pg from "pg"

/** A row of the test's files. `v` is the column of `newest`. */
export interface Thing {
  readonly id: number
  readonly a: number | null
  readonly b: number | null
  readonly v: number | null
}

/** How the rows are merged. */
export interface OracleOptions {
  readonly mode: "upsert" | "insert-only" | "delete-missing" | "scd2"
  readonly newest: boolean
  /** Whether a row that is refused whatever happens to the others is refused even if it would never have been tried. */
  readonly judgesAll: boolean
}

/** The outcome of each row, by its number in the file. */
export interface Verdict {
  readonly refused: readonly number[]
  readonly loaded: number
  readonly superseded: number
}

const asOf = "'2026-06-01Z'::timestamptz"

/** Loads rows one by one, each below its own savepoint, in the order that the guide promises. */
export async function loadOneByOne(client: pg.PoolClient, rows: readonly Thing[], options: OracleOptions): Promise<Verdict> {
  const numbered = rows.map((row, at) => ({ row, n: at + 1 }))
  const refused = new Set<number>()
  const written = new Set<number>()
  const attempt = async (n: number, work: () => Promise<number>): Promise<boolean> => {
    await client.query("SAVEPOINT one")
    try {
      const count = await work()
      await client.query("RELEASE SAVEPOINT one")
      if (count > 0) written.add(rows[n - 1]?.id ?? 0)
      return true
    } catch (error) {
      await client.query("ROLLBACK TO SAVEPOINT one")
      refused.add(n)
      if (!/^(23|P0)/.test((error as { code?: string }).code ?? "")) throw error
      return false
    }
  }
  const age = ({ row, n }: { row: Thing; n: number }) => (options.newest ? [row.v ?? Number.NEGATIVE_INFINITY, n] : [n, n])
  const older = (one: { row: Thing; n: number }, other: { row: Thing; n: number }) => {
    const [v = 0, n = 0] = age(one)
    const [w = 0, m = 0] = age(other)
    return v === w ? n - m : v < w ? -1 : 1
  }
  if (options.mode === "upsert" || options.mode === "delete-missing") {
    const newer = options.newest ? " WHERE t.v IS NULL OR t.v <= excluded.v" : ""
    for (const { row, n } of [...numbered].sort(older)) {
      await attempt(n, async () => {
        const sql = `INSERT INTO thing AS t (id, a, b, v) VALUES ($1, $2, $3, $4)
          ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b, v = excluded.v${newer}`
        return (await client.query(sql, [row.id, row.a, row.b, row.v])).rowCount ?? 0
      })
    }
  } else {
    const judged = options.judgesAll ? await judge(client, numbered, options.mode) : numbered
    for (const { n } of numbered) if (!judged.some((other) => other.n === n)) refused.add(n)
    for (const id of new Set(judged.map(({ row }) => row.id))) {
      const own = judged.filter(({ row }) => row.id === id).sort(older)
      for (const { row, n } of own.reverse())
        if (await attempt(n, () => (options.mode === "scd2" ? nextVersion(client, row) : addRow(client, row)))) break
    }
  }
  const keys = new Set(numbered.filter(({ n }) => !refused.has(n)).map(({ row }) => row.id))
  if (options.mode === "delete-missing") await client.query("DELETE FROM thing WHERE id <> ALL ($1::int[])", [rows.map(({ id }) => id)])
  return { refused: [...refused].sort((a, b) => a - b), loaded: written.size, superseded: rows.length - refused.size - keys.size }
}

/** Removes rows that would be refused whatever happens to the others. Each is tried alone, in a table without the rows that the file may change. */
async function judge<T extends { readonly row: Thing }>(client: pg.PoolClient, rows: readonly T[], mode: string): Promise<T[]> {
  const sound: T[] = []
  await client.query("SAVEPOINT judging")
  await client.query("ALTER TABLE thing DISABLE TRIGGER USER")
  const ids = rows.map(({ row }) => row.id)
  for (const one of rows) {
    await client.query("SAVEPOINT alone")
    const own = mode === "insert-only" ? one.row.id : null
    await client.query("DELETE FROM thing WHERE id = ANY ($1::int[]) AND id IS DISTINCT FROM $2", [ids, own])
    const fits = (mode === "scd2" ? nextVersion : addRow)(client, one.row)
    if (
      await fits.then(
        () => true,
        () => false,
      )
    )
      sound.push(one)
    await client.query("ROLLBACK TO SAVEPOINT alone")
  }
  await client.query("ROLLBACK TO SAVEPOINT judging")
  return sound
}

async function addRow(client: pg.PoolClient, { id, a, b, v }: Thing): Promise<number> {
  const sql = "INSERT INTO thing (id, a, b, v) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING"
  return (await client.query(sql, [id, a, b, v])).rowCount ?? 0
}

async function nextVersion(client: pg.PoolClient, { id, a, b, v }: Thing): Promise<number> {
  const same = "SELECT FROM thing WHERE id = $1 AND valid_to IS NULL AND (a, b, v) IS NOT DISTINCT FROM ($2::int, $3::int, $4::int)"
  if ((await client.query(same, [id, a, b, v])).rowCount) return 0
  await client.query(`UPDATE thing SET valid_to = ${asOf} WHERE id = $1 AND valid_to IS NULL`, [id])
  const sql = `INSERT INTO thing (id, a, b, v, valid_from) VALUES ($1, $2, $3, $4, ${asOf})`
  return (await client.query(sql, [id, a, b, v])).rowCount ?? 0
}
