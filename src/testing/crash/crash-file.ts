/** A row as the trials' file holds it, and as the sink under trial gets it. */
export interface CrashRow {
  /** From 1, in the order of the file. */
  readonly id: number
  /** Some hold a comma, a quote or a backslash. */
  readonly name: string
  /** A decimal of two digits after the point, as text. */
  readonly amount: string
  /** Midnight UTC. */
  readonly day: Date
}

/** The file that all loaders of a crash run load, and what a target that holds each of its good rows once must give. */
export interface CrashFile {
  /** The file's bytes. */
  readonly csv: string
  /** All of its rows. */
  readonly read: number
  /** Rows that no target must hold: their amount is none. */
  readonly rejected: number
  /** The good rows. */
  readonly rows: readonly CrashRow[]
}

/** Rows of `id, name, amount, day`, the same for the same arguments; one in so many has an amount that cannot be read. */
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
