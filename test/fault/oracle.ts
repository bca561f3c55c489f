import { createHash } from "node:crypto"

/** A file of known rows, and what a table that holds each good one once looks like. */
export interface Oracle {
  readonly csv: Buffer
  readonly read: number
  readonly loaded: number
  readonly rejected: number
  /** Of the good rows as `fingerprintSql` reads them from a table. */
  readonly fingerprint: string
}

/** Rows of `id, name, amount, day`; every hundredth has an amount that is none. */
export function makeOracle(rows: number, seed: number): Oracle {
  const lines = ["id,name,amount,day\n"]
  const hash = createHash("md5")
  let loaded = 0
  for (let id = 1; id <= rows; id++) {
    const amount = ((id * 7919 + seed) % 1_000_000) / 100
    const day = new Date(Date.UTC(2024, 0, 1 + ((id * 31 + seed) % 700))).toISOString().slice(0, 10)
    const name = `${id % 13 === 0 ? "a\\b, " : ""}name ${(id * 17 + seed) % 1000}`
    const isGood = id % 100 !== 50
    lines.push(`${id},${name.includes(",") ? `"${name}"` : name},${isGood ? amount.toFixed(2) : "much"},${day}\n`)
    if (!isGood) continue
    loaded++
    hash.update(`${loaded === 1 ? "" : "\n"}${id}|${name}|${amount.toFixed(2)}|${day}`)
  }
  return { csv: Buffer.from(lines.join("")), read: rows, loaded, rejected: rows - loaded, fingerprint: hash.digest("hex") }
}

/** The fingerprint of what a table holds, rows in order of their id. */
export function fingerprintSql(table: string): string {
  return `SELECT md5(coalesce(string_agg(concat_ws('|', id, name, amount, to_char(day, 'YYYY-MM-DD')), E'\\n' ORDER BY id), '')) AS fingerprint FROM ${table}`
}
