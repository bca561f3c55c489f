import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import pg from "pg"
import { bytes, createPipeline } from "rowgate"
import { migrate, postgres } from "rowgate/postgres"
import { expect, test } from "vitest"
import { z } from "zod"
import { postgresDatabase } from "../postgres-database.ts"

const page = readFileSync(fileURLToPath(new URL("../../docs/postgres.md", import.meta.url)), "utf8")
const grants = /```sql file=grants\.sql\n([^`]+)```/.exec(page)?.[1]?.trim().split("\n") ?? []

/** A load that needs everything: rows that are loaded, rejected and refused by the database, lineage and a second run. */
async function loadAs(role: string, url: string): Promise<readonly (string | undefined)[]> {
  const pool = new pg.Pool({ connectionString: url, options: `-c role=${role}` })
  try {
    const products = createPipeline({ name: "products" })
      .from(bytes("sku,price\na,1.50\nb,x\nc,3\nc,4\n"))
      .validate(z.object({ sku: z.string(), price: z.number() }))
      .into(postgres({ pool, table: "product" }))
    const outcomes: (string | undefined)[] = []
    for (let run = 0; run < 2; run++) outcomes.push((await products.run()).deliveries[0]?.outcome)
    return outcomes
  } finally {
    await pool.end()
  }
}

test("docs/postgres.md grants what a load needs, and nothing that it does not", async () => {
  expect(grants.length).toBeGreaterThan(3)
  await using database = await postgresDatabase()
  const admin = new pg.Pool({ connectionString: database.url })
  const role = `loader_${randomBytes(4).toString("hex")}`
  try {
    await migrate(admin)
    await admin.query(`CREATE ROLE ${role}`)
    const granted = grants.map((grant) => grant.replaceAll("loader", role))
    for (const left of [undefined, ...granted]) {
      await admin.query("DROP TABLE IF EXISTS product; CREATE TABLE product (sku text PRIMARY KEY, price double precision)")
      await admin.query(`DELETE FROM rowgate.run; DROP OWNED BY ${role}`)
      for (const grant of granted) if (grant !== left) await admin.query(grant)
      const loading = loadAs(role, database.url)
      if (left === undefined) expect(await loading).toEqual(["loaded", "duplicate"])
      else await expect(loading, `without ${left}`).rejects.toMatchObject({ code: "SINK_REFUSED" })
    }
  } finally {
    await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`).catch(() => undefined)
    await admin.end()
  }
})
