/** A row of the trials' file, as the tested sink gets it. */
export interface CrashRow {
  /** Counted from 1, in the order of the file. */
  readonly id: number
  /** Some names contain a comma, a quote or a backslash. */
  readonly name: string
  /** A decimal with two digits after the point, as text. */
  readonly amount: string
  /** Midnight in UTC. */
  readonly day: Date
}

/** The file that all loaders of a crash run load. A correct target has each of its good rows once. */
export interface CrashFile {
  /** The content of the file. */
  readonly csv: string
  /** The number of all rows. */
  readonly read: number
  /** The number of rows that no target may contain, because their amount is not a number. */
  readonly rejected: number
  /** The good rows. */
  readonly rows: readonly CrashRow[]
}

/** Makes rows of `id, name, amount, day`. The same arguments give the same rows. One row in every `rejectEvery` has an amount that cannot be read. */
export function crashFile(rows: number, seed: number, rejectEvery = 100): CrashFile {
  const lines = ["id,name,amount,day\n"]
  const good: CrashRow[] = []
  for (let id = 1; id <= rows; id++) {
    const amount = (((id * 7919 + seed) % 1_000_000) / 100).toFixed(2)
    const day = new Date(Date.UTC(2024, 0, 1 + ((id * 31 + seed) % 700)))
    const name = `${id % 13 === 0 ? 'a\\b, "c" ' : ""}name ${(id * 17 + seed) % 1000}`
    const isGood = id % rejectEvery !== rejectEvery >> 1
    const quoted = name.includes(",") ? `"${name.replaceAll('"', '""')}"` : name
    lines.push(`${id},${quoted},${isGood ? amount : "much"},${day.toISOString().slice(0, 10)}\n`)
    if (isGood) good.push({ id, name, amount, day })
  }
  return { csv: lines.join(""), read: rows, rejected: rows - good.length, rows: good }
}
