import { randomBytes } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pg from "pg"
import { createPipeline } from "rowgate"
import { postgres } from "rowgate/postgres"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { databaseFromEnvironment } from "../../../src/lambda/secrets/database-from-environment.ts"
import { withAuthority } from "../../../src/lambda/secrets/with-authority.ts"
import { ledgerDatabase } from "../../ledger-database.ts"
import { type SecretsServer, startSecretsServer } from "./secrets-server.ts"

const { pool, url: superuser } = await ledgerDatabase()
const arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf"
let server: SecretsServer
beforeAll(async () => {
  server = await startSecretsServer()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => {
  server.secrets.clear()
  server.asked.length = 0
})
afterEach(() => vi.unstubAllEnvs())

const rds = { username: "app", password: "p/a?s#s%w@r:d é", engine: "postgres", host: "db.example.com", port: 5432, dbname: "shop" }
const current = (secret: object | string) =>
  server.secrets.set(`${arn} AWSCURRENT`, typeof secret === "string" ? secret : JSON.stringify(secret))
const database = (variables: { readonly [name: string]: string }) => databaseFromEnvironment({ variables, client: server.client })
const fromSecret = (url?: string) => database({ DATABASE_SECRET_ARN: arn, ...(url === undefined ? {} : { DATABASE_URL: url }) })

/** How `pg` understands a connection string. */
function login(url: string) {
  const { user, password, host, port, database } = new pg.Client(url)
  return { user, password, host, port, database }
}

describe("DATABASE_URL", () => {
  test("is the connection string, read when a connection is made", async () => {
    const { url, password } = databaseFromEnvironment()
    vi.stubEnv("DATABASE_SECRET_ARN", "")
    vi.stubEnv("DATABASE_URL", "postgres://app:secret@localhost/shop")
    expect([await url(), await password()]).toEqual(["postgres://app:secret@localhost/shop", undefined])
    vi.stubEnv("DATABASE_URL", "postgres://app:secret@localhost/other")
    expect(await url()).toBe("postgres://app:secret@localhost/other")
  })

  test("loads rows as it would without the function", async () => {
    await pool.query("CREATE TABLE by_url (id int)")
    vi.stubEnv("DATABASE_URL", superuser)
    const target = postgres<{ id: number }>({ ...databaseFromEnvironment(), table: "by_url" })
    expect(
      (
        await createPipeline({ name: "by url" })
          .fromRows([{ id: 1 }])
          .into(target)
          .run()
      ).loaded,
    ).toBe(1)
  })
})

describe("DATABASE_SECRET_ARN", () => {
  test("names a secret as RDS writes it, whose values may have any characters", async () => {
    current(rds)
    expect(login(await fromSecret().url())).toEqual({
      user: "app",
      password: rds.password,
      host: "db.example.com",
      port: 5432,
      database: "shop",
    })
  })

  test("may name a secret with a connection string", async () => {
    current("postgres://app:secret@db.example.com/shop?sslmode=verify-full\n")
    expect(await fromSecret().url()).toBe("postgres://app:secret@db.example.com/shop?sslmode=verify-full")
  })

  test("gives the user and the password to DATABASE_URL, which has the rest", async () => {
    current(rds)
    expect(login(await fromSecret("postgres://pooler.example.com:6432/other?sslmode=verify-full").url())).toEqual({
      user: "app",
      password: rds.password,
      host: "pooler.example.com",
      port: 6432,
      database: "other",
    })
    // RDS manages secrets with these two fields only.
    current({ username: "admin", password: "x" })
    expect(await fromSecret("postgres://someone@db.example.com/shop").url()).toBe("postgres://admin:x@db.example.com/shop")
  })

  test("is read once, until the server refuses the login", async () => {
    current(rds)
    const { url } = fromSecret()
    const [first = "", ...others] = await Promise.all([url(), url(), url()])
    expect(others).toEqual([first, first])
    current({ ...rds, password: "new" })
    expect(await url()).toBe(first)
    expect(server.asked).toEqual([`${arn} AWSCURRENT`])
    const renewed = await Promise.all([url(first), url(first), url(first)])
    expect(renewed.map((each) => login(each).password)).toEqual(["new", "new", "new"])
    expect(server.asked).toEqual([`${arn} AWSCURRENT`, `${arn} AWSCURRENT`])
  })

  test("is read from the version that a rotation prepares, if the current one is refused", async () => {
    current(rds)
    const { url } = fromSecret()
    const refused = await url()
    server.secrets.set(`${arn} AWSPENDING`, JSON.stringify({ ...rds, username: "app_clone", password: "next" }))
    expect(login(await url(refused))).toMatchObject({ user: "app_clone", password: "next" })
    expect(server.asked.slice(1)).toEqual([`${arn} AWSCURRENT`, `${arn} AWSPENDING`])
  })

  test("stays refused if nothing rotates it", async () => {
    current(rds)
    const { url } = fromSecret()
    expect(await url(await url())).toBe(await url())
  })

  test("is read again after a failure", async () => {
    const { url } = fromSecret()
    await expect(url()).rejects.toMatchObject({ code: "SINK_UNREACHABLE" })
    current(rds)
    expect(login(await url()).user).toBe("app")
  })

  test("is read in the region of its ARN", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", server.endpoint)
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test")
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test")
    vi.stubEnv("AWS_REGION", undefined)
    current(rds)
    const { url } = databaseFromEnvironment({ variables: { DATABASE_SECRET_ARN: arn } })
    expect(login(await url()).user).toBe("app")
  })

  test("keeps a pipeline loading while its password rotates", async () => {
    const role = `rotating_${randomBytes(4).toString("hex")}`
    await pool.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'first'`)
    await pool.query("CREATE TABLE rotating (id int)")
    const { hostname: host, port, pathname } = new URL(superuser)
    const secret = (password: string) => ({
      username: role,
      password,
      host,
      port: Number(port),
      dbname: pathname.slice(1),
      engine: "postgres",
    })
    current(secret("first"))
    const target = postgres<{ id: number }>({ ...fromSecret(), table: "rotating" })
    const load = async (id: number) => (await createPipeline({ name: "rotating" }).fromRows([{ id }]).into(target).run()).loaded
    try {
      expect(await load(1)).toBe(1)
      await pool.query(`ALTER ROLE ${role} PASSWORD 'second'`)
      current(secret("second"))
      expect([await load(2), await load(3)]).toEqual([1, 1])
      expect(server.asked).toHaveLength(2)
      await pool.query(`ALTER ROLE ${role} PASSWORD 'lost'`)
      await expect(load(4)).rejects.toMatchObject({ code: "SINK_UNREACHABLE", retryable: false })
    } finally {
      await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    }
  })

  test.each([
    ["ResourceNotFoundException", false, "does not exist in Secrets Manager", "Correct DATABASE_SECRET_ARN."],
    ["AccessDeniedException", false, "cannot be read: no", "Grant secretsmanager:GetSecretValue"],
    ["ThrottlingException", true, "cannot be read: no", "Check that the function can reach Secrets Manager"],
    ["InvalidRequestException", false, "cannot be read: no", "Check DATABASE_SECRET_ARN and the credentials."],
  ])("that cannot be read because of %s is reported", async (name, retryable, message, remedy) => {
    server.secrets.set(`${arn} AWSCURRENT`, Object.assign(new Error("no"), { name }))
    await expect(fromSecret().url()).rejects.toMatchObject({
      code: "SINK_UNREACHABLE",
      retryable,
      message: expect.stringContaining(`The secret ${arn} ${message}`),
      remedy: expect.stringContaining(remedy),
    })
  })

  test("that nothing answers for is reported soon", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", server.endpoint)
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test")
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test")
    vi.stubEnv("AWS_MAX_ATTEMPTS", "1")
    server.secrets.set(`${arn} AWSCURRENT`, undefined)
    await expect(databaseFromEnvironment({ variables: { DATABASE_SECRET_ARN: arn } }).url()).rejects.toMatchObject({
      code: "SINK_UNREACHABLE",
      retryable: true,
      remedy: expect.stringContaining("interface endpoint"),
    })
  }, 15_000)

  test.each([
    [{ ...rds, engine: "mysql" }, undefined, "is for the engine mysql, not for PostgreSQL"],
    [{ ...rds, username: "" }, undefined, "has no username or no password"],
    [{ ...rds, password: undefined }, undefined, "has no username or no password"],
    [{ ...rds, host: undefined }, undefined, "has no host"],
    [{ ...rds, dbname: undefined }, undefined, "has no dbname"],
    [{ ...rds, port: "many" }, undefined, "has a host or a port that cannot be part of an address"],
    ["p/a?s#s%w@r:d", undefined, "does not have the form postgres://"],
    ['"p/a?s#s%w@r:d"', undefined, "does not have the form postgres://"],
    ["postgres://app:p/a?s#s%w@r:d@db/shop", "postgres://db/shop", "is no JSON object with username and password"],
  ])("a wrong secret is reported, and never shown: %j", async (secret, url, message) => {
    current(secret)
    const error: unknown = await fromSecret(url)
      .url()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining(`The secret ${arn} ${message}`) })
    expect(JSON.stringify([error, String(error)])).not.toContain("s#s%w")
  })
})

describe("DATABASE_AUTH", () => {
  test("iam makes the password a token for the host and the user", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test")
    vi.stubEnv("AWS_REGION", "eu-central-1")
    const { url, password } = database({ DATABASE_URL: "postgres://load%40er@shop.example.com:5433/shop", DATABASE_AUTH: "iam" })
    expect(login(await url())).toMatchObject({ user: "load@er", password: null })
    const token = new URL(`https://${await password()}`)
    expect([token.host, token.searchParams.get("Action"), token.searchParams.get("DBUser")]).toEqual([
      "shop.example.com:5433",
      "connect",
      "load@er",
    ])
    expect(token.searchParams.get("X-Amz-Credential")).toMatch(/^AKIDEXAMPLE\/\d+\/eu-central-1\/rds-db\/aws4_request$/)
    expect(token.searchParams.get("X-Amz-Expires")).toBe("900")
  })
})

describe("wrong variables", () => {
  test.each([
    [{}, "Neither DATABASE_URL nor DATABASE_SECRET_ARN is set."],
    [{ DATABASE_URL: " ", DATABASE_SECRET_ARN: "" }, "Neither DATABASE_URL nor DATABASE_SECRET_ARN is set."],
    [{ DATABASE_URL: "app:topsecret@db" }, "DATABASE_URL does not have the form postgres://user:password@host:port/database."],
    [{ DATABASE_URL: "mysql://app:topsecret@db/shop" }, "DATABASE_URL does not have the form"],
    [
      { DATABASE_URL: "postgres://app:topsecret@db/shop", DATABASE_SECRET_ARN: arn },
      "DATABASE_URL has a password, and DATABASE_SECRET_ARN",
    ],
    [{ DATABASE_URL: "postgres://app@db/shop", DATABASE_AUTH: "IAM" }, 'DATABASE_AUTH is "IAM", but it must be password or iam.'],
    [{ DATABASE_URL: "postgres://app:topsecret@db/shop", DATABASE_AUTH: "iam" }, "the password is a token of IAM"],
    [{ DATABASE_URL: "postgres://db/shop", DATABASE_AUTH: "iam" }, "the password is a token of IAM"],
    [{ DATABASE_SECRET_ARN: arn, DATABASE_AUTH: "iam" }, "the password is a token of IAM"],
  ])("%j", async (variables, message) => {
    const error: unknown = await database(variables)
      .url()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining(message), retryable: false })
    expect(JSON.stringify([error, String(error)])).not.toContain("topsecret")
  })

  test("nothing is checked before a connection is made", () => {
    vi.stubEnv("DATABASE_URL", "nonsense")
    expect(() => postgres({ ...databaseFromEnvironment(), table: "a" })).not.toThrow()
  })
})

describe("certificate authorities", () => {
  const instance = "postgres://app@shop.c9ak.eu-central-1.rds.amazonaws.com/shop"
  let folder: string
  let file: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rowgate-ca-"))
    file = join(folder, "ca-cert.pem")
    await writeFile(file, "")
  })
  afterAll(() => rm(folder, { recursive: true }))

  test("those of Lambda are named for an instance of RDS", async () => {
    expect(await withAuthority(new URL(instance), {}, file)).toBe(`${instance}?sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`)
  })

  test.each([
    ["the connection string says how to use TLS", `${instance}?sslmode=no-verify`, {}],
    ["the process knows the authorities", instance, { NODE_EXTRA_CA_CERTS: "/var/task/rds.pem" }],
    ["the host is a proxy, which has other authorities", instance.replace("c9ak", "proxy-c9ak"), {}],
    ["the host is no instance of RDS", "postgres://app@db.example.com/shop", {}],
  ])("they are not if %s", async (_reason, url, variables) => {
    expect(await withAuthority(new URL(url), variables, file)).toBe(url)
  })

  test("they are not if the machine does not have them", async () => {
    expect(await withAuthority(new URL(instance), {}, join(folder, "missing.pem"))).toBe(instance)
  })
})
