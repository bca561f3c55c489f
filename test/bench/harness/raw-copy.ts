import { execFileSync } from "node:child_process"
import { timedProcess } from "./process.ts"
import { program } from "./program.ts"

/** The version of psql on this machine; undefined if there is none. */
export const psqlVersion = ((): string | undefined => {
  try {
    return execFileSync("psql", ["--version"], { encoding: "utf8" }).trim()
  } catch {
    return undefined
  }
})()

/** The peer of every load: copies the raw file directly into the table, with psql's `\copy`, or with pg-copy-streams if there is no psql. */
export async function rawCopy(url: string, file: string): Promise<number> {
  if (psqlVersion === undefined) return (await program("raw-copy", { url, before: [], table: "orders", file, after: [] })).wallMs
  return (await timedProcess("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", url, "-c", copyCommand("orders", file)])).wallMs
}

/** A merge as a careful developer would write it: the raw file into a temporary table, one INSERT ... ON CONFLICT, one transaction. */
export async function rawMerge(url: string, file: string): Promise<number> {
  const before = ["CREATE TEMP TABLE incoming (LIKE orders) ON COMMIT DROP"]
  const after = [
    `INSERT INTO orders SELECT * FROM incoming ON CONFLICT (order_id) DO UPDATE SET customer_name = excluded.customer_name,
      email = excluded.email, country = excluded.country, order_date = excluded.order_date, amount = excluded.amount,
      currency = excluded.currency, quantity = excluded.quantity, status = excluded.status, notes = excluded.notes`,
  ]
  if (psqlVersion === undefined) return (await program("raw-copy", { url, before, table: "incoming", file, after })).wallMs
  const commands = [...before, copyCommand("incoming", file), ...after].flatMap((command) => ["-c", command])
  return (await timedProcess("psql", ["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", url, ...commands])).wallMs
}

function copyCommand(table: string, file: string): string {
  return `\\copy ${table} FROM '${file.replaceAll("'", "''")}' WITH (FORMAT csv, HEADER)`
}
