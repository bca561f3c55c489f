import { randomBytes } from "node:crypto"
import { createPipeline } from "rowgate"
import { postgres } from "rowgate/postgres"
import { afterAll, expect, test } from "vitest"
import { urlDatabase } from "../../src/postgres/connection/url-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"

const { pool, url: superuser } = await ledgerDatabase()
const roles: string[] = []
afterAll(async () => {
  const { rows } = await pool.query("SELECT rolname FROM pg_roles WHERE rolname = ANY($1)", [roles])
  for (const { rolname } of rows) await pool.query(`DROP OWNED BY ${rolname}; DROP ROLE ${rolname}`)
})

/** A role that may load into any table, and its connection string with a password. */
async function loader(password: string) {
  const name = `loader_${randomBytes(4).toString("hex")}`
  roles.push(name)
  await pool.query(`CREATE ROLE ${name} LOGIN SUPERUSER PASSWORD '${password}'`)
  return {
    url(secret: string) {
      const url = new URL(superuser)
      url.username = name
      url.password = secret
      return url.href
    },
    rotate: (secret: string) => pool.query(`ALTER ROLE ${name} PASSWORD '${secret}'`),
  }
}

test("a password that changes while connections are open is asked for again", async () => {
  const role = await loader("old")
  const asked: (string | undefined)[] = []
  let secret = "old"
  const database = await urlDatabase(
    async (refused) => {
      asked.push(refused)
      return role.url(secret)
    },
    { preconnect: 1 },
  )
  const before = await database.connect()
  await role.rotate("new")
  secret = "new"
  // Several connections are refused at once, but only one of them asks.
  const after = await Promise.all([database.connect(), database.connect(), database.connect()])
  for (const connection of [before, ...after]) {
    expect((await connection.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }])
    connection.release()
  }
  expect(asked).toEqual([undefined, role.url("old")])
  await database.close()
})

test("a password that is still wrong is an error, after it was asked for once more", async () => {
  const role = await loader("right")
  const answers = ["wrong", "wrong", "wrong too"].map((secret) => role.url(secret))
  const asked: (string | undefined)[] = []
  const database = await urlDatabase((refused) => {
    asked.push(refused)
    return answers.shift() ?? ""
  })
  await expect(database.connect()).rejects.toMatchObject({ code: "28P01" })
  expect(asked).toEqual([undefined, role.url("wrong")])
  await expect(database.connect()).rejects.toMatchObject({ code: "28P01" })
  expect(asked).toEqual([undefined, role.url("wrong"), role.url("wrong")])
  await database.close()
})

test("other failures do not ask again", async () => {
  let asked = 0
  const database = await urlDatabase(() => {
    asked++
    return "postgres://nobody@127.0.0.1:1/none"
  })
  await expect(database.connect()).rejects.toMatchObject({ code: "ECONNREFUSED" })
  expect(asked).toBe(1)
  await database.close()
})

test("a password function may leave a connection to the password of the url", async () => {
  const role = await loader("right")
  for (const [url, password] of [
    [role.url("right"), () => undefined],
    [role.url("wrong"), async () => "right"],
  ] as const) {
    const database = await urlDatabase(url, { password })
    ;(await database.connect()).release()
    await database.close()
  }
})

test("a pipeline loads across a rotation, and its function is called once for each run", async () => {
  const role = await loader("first")
  await pool.query("CREATE TABLE rotated (id int)")
  let secret = "first"
  let asked = 0
  const target = postgres<{ id: number }>({
    table: "rotated",
    url: () => {
      asked++
      return role.url(secret)
    },
  })
  const load = (id: number) => createPipeline({ name: "rotated" }).fromRows([{ id }]).into(target).run()
  expect((await load(1)).loaded).toBe(1)
  expect(asked).toBe(1)
  await role.rotate("second")
  // The function returns the old password until it is told that the server refused it.
  const stale = postgres<{ id: number }>({
    table: "rotated",
    url: (refused) => {
      asked++
      if (refused !== undefined) secret = "second"
      return role.url(secret)
    },
  })
  expect(
    (
      await createPipeline({ name: "rotated" })
        .fromRows([{ id: 2 }])
        .into(stale)
        .run()
    ).loaded,
  ).toBe(1)
  expect(asked).toBe(3)
  expect((await pool.query("SELECT count(*)::int AS rows FROM rotated")).rows).toEqual([{ rows: 2 }])
})

test("a function that returns no connection string is reported without its value", async () => {
  const wrong = [() => undefined, async () => 5, () => ""] as const
  for (const url of wrong) {
    const target = postgres<{ id: number }>({ table: "a", url: url as never })
    await expect(
      createPipeline({ name: "a" })
        .fromRows([{ id: 1 }])
        .into(target)
        .run(),
    ).rejects.toMatchObject({ code: "CONFIG_INVALID" })
  }
})
