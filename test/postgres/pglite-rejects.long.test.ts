import { expect, test } from "vitest"
import { z } from "zod"
import { bytes, createPipeline } from "../../src/index.ts"
import { pglite } from "../../src/pglite.ts"
import { embeddedDatabase } from "../embedded-database.ts"

test("a file with 300,000 rejected rows and one good row loads into an embedded database", async () => {
  await using db = await embeddedDatabase()
  const lines = Array.from({ length: 300_000 }, (_, at) => `x${at},Customer number ${at}\n`)
  const pipeline = createPipeline({ name: "people" })
    .from(bytes(`id,name\n1,Ada\n${lines.join("")}`, { name: "people.csv" }))
    .validate(z.object({ id: z.number().int(), name: z.string() }))
    .into(pglite({ db, table: "person", createTable: true }))
  expect(await pipeline.run()).toMatchObject({ read: 300_001, loaded: 1, rejected: 300_000 })
  const { rows } = await db.query("SELECT count(*)::int AS n, count(DISTINCT raw ->> 'name')::int AS names FROM rowgate.reject")
  expect(rows).toEqual([{ n: 300_000, names: 300_000 }])
})
