import { createReadStream } from "node:fs"
import { pipeline } from "node:stream/promises"
import pg from "pg"
import { from } from "pg-copy-streams"
import { measured } from "./measured.ts"

interface Input {
  readonly url: string
  readonly before: readonly string[]
  readonly table: string
  readonly file: string
  readonly after: readonly string[]
}

await measured(async ({ url, before, table, file, after }: Input) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query("BEGIN")
  for (const sql of before) await client.query(sql)
  await pipeline(
    createReadStream(file, { highWaterMark: 1 << 18 }),
    client.query(from(`COPY ${table} FROM STDIN WITH (FORMAT csv, HEADER)`)),
  )
  for (const sql of after) await client.query(sql)
  await client.query("COMMIT")
  await client.end()
  return {}
})
