import { execFile } from "node:child_process"
import { chown, mkdtemp, readFile, rm } from "node:fs/promises"
import { connect, createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { promisify } from "node:util"
import pg from "pg"
import { createPipeline } from "rowgate"
import { postgres } from "rowgate/postgres"
import { afterAll, beforeAll, expect, test } from "vitest"
import { tlsMode } from "../../src/postgres/connection/tls-mode.ts"
import { urlDatabase } from "../../src/postgres/connection/url-database.ts"
import { ledgerDatabase } from "../ledger-database.ts"
import { type PostgresServer, postgresServer } from "../postgres-server.ts"

const run = promisify(execFile)
const { url: plainUrl } = await ledgerDatabase()
let folder: string
let server: PostgresServer
let ca: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rowgate-tls-"))
  const made = [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=db.example",
    "-addext",
    "subjectAltName=DNS:localhost",
  ]
  await run("openssl", [...made, "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")])
  ca = join(folder, "cert.pem")
  server = await postgresServer({ flags: ["-c", "fsync=off"] })
  const pool = new pg.Pool({ connectionString: server.url })
  // The server owns these files, because it does not read a key of another user.
  for (const name of ["cert.pem", "key.pem"]) await run("cp", [join(folder, name), server.dataDirectory])
  if (process.getuid?.() === 0) {
    const { stdout } = await run("stat", ["-c", "%u %g", server.dataDirectory])
    const [uid = 0, gid = 0] = stdout.trim().split(" ").map(Number)
    for (const name of ["cert.pem", "key.pem"]) await chown(join(server.dataDirectory, name), uid, gid)
  }
  for (const setting of ["ssl = on", "ssl_cert_file = 'cert.pem'", "ssl_key_file = 'key.pem'"])
    await pool.query(`ALTER SYSTEM SET ${setting}`)
  await pool.query("SELECT pg_reload_conf()")
  await pool.end()
  // A reload takes a moment.
  for (let tries = 0; tries < 100 && !(await isEncrypted("sslmode=no-verify").catch(() => false)); tries++) await wait(50)
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

/** Whether a connection is encrypted, according to the server. */
async function isEncrypted(query: string, ssl?: Parameters<typeof urlDatabase>[1], from: string = server.url): Promise<boolean> {
  const database = await urlDatabase(`${from}?${query}`, ssl)
  try {
    const connection = await database.connect()
    const { rows } = await connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    connection.release()
    return rows[0]?.["ssl"] === true
  } finally {
    await database.close()
  }
}

/** The server under an address that does not count as loopback. */
const byName = (name: string) => `host=${encodeURIComponent(name)}`

test("a server on this machine is used without TLS unless the user asks for it", async () => {
  expect(await isEncrypted("")).toBe(false)
  expect(await isEncrypted("sslmode=disable")).toBe(false)
  expect(await isEncrypted("sslmode=allow")).toBe(true)
  expect(await isEncrypted("sslmode=prefer")).toBe(true)
  expect(await isEncrypted("", { ssl: false })).toBe(false)
})

test("TLS to another machine is used if the server supports it, and otherwise not", async () => {
  // On Linux, 0.0.0.0 reaches loopback, but it does not count as a loopback address.
  expect(await isEncrypted(byName("0.0.0.0"))).toBe(true)
  expect(await isEncrypted(byName("0.0.0.0"), {}, plainUrl)).toBe(false)
  expect(await isEncrypted("sslmode=prefer", { preconnect: 2 }, plainUrl)).toBe(false)
})

test("require and verify-full need a trusted certificate that names the host", async () => {
  for (const mode of ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full", "ssl=true", "sslmode=require&sslrootcert=system"])
    await expect(isEncrypted(mode)).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
  for (const mode of ["require", "verify-full"]) {
    await expect(isEncrypted(`sslmode=${mode}&sslrootcert=${ca}`)).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" })
    expect(await isEncrypted(`sslmode=${mode}&sslrootcert=${ca}&${byName("localhost")}`)).toBe(true)
  }
})

test("verify-ca accepts any host name from the given issuer", async () => {
  expect(await isEncrypted(`sslmode=verify-ca&sslrootcert=${ca}`)).toBe(true)
})

test("no-verify, and require with uselibpqcompat, accept any certificate", async () => {
  for (const mode of ["sslmode=no-verify", "ssl=no-verify", "sslmode=require&uselibpqcompat=true"])
    expect(await isEncrypted(mode)).toBe(true)
})

test("a certificate that cannot be trusted is no reason to try again", async () => {
  const untrusted = postgres<{ id: number }>({ url: `${server.url}?sslmode=require`, table: "a" })
  const load = createPipeline({ name: "a" })
    .fromRows([{ id: 1 }])
    .into(untrusted)
    .run()
  await expect(load).rejects.toMatchObject({
    code: "SINK_UNREACHABLE",
    retryable: false,
    remedy: expect.stringContaining("sslrootcert="),
  })
})

test("the certificate of Amazon RDS is always verified, unless the connection string says otherwise", async () => {
  const mode = (url: string) => tlsMode(url, (bare) => ({ host: new URL(bare).hostname, ssl: false }), undefined)
  for (const host of [
    "shop.c9akciq32.eu-central-1.rds.amazonaws.com",
    "SHOP.proxy-c9akciq32.eu-central-1.RDS.amazonaws.com",
    "shop.rds.cn-north-1.rds.amazonaws.com.cn",
  ])
    expect(await mode(`postgres://app@${host}/shop`)).toMatchObject({ ssl: { rejectUnauthorized: true }, allowsPlaintext: false })
  const told = "postgres://app@shop.eu-central-1.rds.amazonaws.com/shop?sslmode=no-verify"
  expect(await mode(told)).toMatchObject({ ssl: { rejectUnauthorized: false } })
  expect(await mode("postgres://app@rds.amazonaws.com.example.com/shop")).toMatchObject({ allowsPlaintext: true })
})

test("modes that require TLS fail on a server without it", async () => {
  for (const mode of ["require", "verify-ca", "verify-full", "no-verify"])
    await expect(isEncrypted(`sslmode=${mode}`, {}, plainUrl)).rejects.toThrow("does not support SSL")
})

test("options override the connection string", async () => {
  expect(await isEncrypted("sslmode=require", { ssl: false })).toBe(false)
  expect(await isEncrypted("sslmode=disable", { ssl: { rejectUnauthorized: false } })).toBe(true)
  expect(await isEncrypted(byName("localhost"), { ssl: { ca: await readFile(ca, "utf8") } })).toBe(true)
  await expect(isEncrypted("sslmode=prefer", { ssl: true })).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
})

test("PGSSLMODE applies if the connection string has no sslmode", async () => {
  process.env["PGSSLMODE"] = "verify-full"
  try {
    await expect(isEncrypted("")).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
    expect(await isEncrypted("sslmode=disable")).toBe(false)
  } finally {
    delete process.env["PGSSLMODE"]
  }
})

test("an unknown mode and an unreadable certificate are reported", async () => {
  await expect(isEncrypted("sslmode=reqiure")).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("reqiure"),
  })
  await expect(isEncrypted("sslmode=require&sslrootcert=/none.pem")).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("/none.pem"),
  })
})

test("a run that has used TLS does not fall back when the server claims to have none", async () => {
  const { port } = new URL(server.url)
  let offers = true
  const between: Server = createServer((client) => {
    client.on("error", () => undefined)
    client.once("data", (request) => {
      if (!offers) return void client.end("N")
      const to = connect(Number(port), "127.0.0.1").on("error", () => undefined)
      to.write(request)
      client.pipe(to).pipe(client)
    })
  })
  await new Promise<void>((resolve) => between.listen(0, "127.0.0.1", resolve))
  const address = between.address()
  const through = new URL(server.url)
  if (address !== null && typeof address !== "string") through.port = String(address.port)
  const database = await urlDatabase(`${through.href}?sslmode=prefer`)
  const connection = await database.connect()
  offers = false
  await expect(database.connect()).rejects.toThrow("does not support SSL")
  connection.release()
  await database.close()
  between.close()
})

test("the password function is used instead of the connection string's password", async () => {
  const bare = new URL(server.url)
  const { password } = bare
  bare.password = ""
  expect(await isEncrypted("sslmode=disable", { password: async () => password }, bare.href)).toBe(false)
})
