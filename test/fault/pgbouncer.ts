import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { promisify } from "node:util"
import { freePort } from "../free-port.ts"

const run = promisify(execFile)

/** A PgBouncer with transaction pooling. */
export interface PgBouncer extends AsyncDisposable {
  /** The connection string of the database through the pooler. */
  readonly url: string
}

/** The reason why PgBouncer cannot be tested here; undefined if it can. */
export async function pgbouncerMissing(): Promise<string | undefined> {
  return run("pgbouncer", ["--version"]).then(
    () => undefined,
    () => "pgbouncer is not installed (Debian: apt-get install pgbouncer)",
  )
}

/** Starts a PgBouncer for the database of `url` with `poolSize` server connections. */
export async function pgbouncer(url: string, poolSize: number): Promise<PgBouncer> {
  const server = new URL(url)
  const port = await freePort()
  const home = await mkdtemp(join(tmpdir(), "rowgate-pgbouncer-"))
  const account = await unprivilegedAccount()
  const config = join(home, "pgbouncer.ini")
  await writeFile(
    config,
    `[databases]
${server.pathname.slice(1)} = host=${server.hostname} port=${server.port} user=${server.username} password=${server.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 200
`,
  )
  if (account.uid !== undefined && account.gid !== undefined) for (const path of [home, config]) await chown(path, account.uid, account.gid)
  const child = spawn("pgbouncer", [config], { ...account, cwd: "/", stdio: ["ignore", "ignore", "pipe"] })
  let said = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4000)
  })
  const ended = once(child, "exit")
  const stop = async () => {
    child.kill("SIGKILL")
    await ended
    await rm(home, { recursive: true, force: true })
  }
  for (const deadline = Date.now() + 10_000; !(await listens(port)); await wait(20)) {
    if (child.exitCode === null && Date.now() < deadline) continue
    await stop()
    throw new Error(`PgBouncer did not start: ${said}`)
  }
  const pooled = new URL(url)
  pooled.host = `127.0.0.1:${port}`
  return { url: pooled.href, [Symbol.asyncDispose]: stop }
}

/** PgBouncer refuses to run as root. */
async function unprivilegedAccount(): Promise<{ readonly uid?: number; readonly gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = await Promise.all([run("id", ["-u", "nobody"]), run("id", ["-g", "nobody"])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1")
  return once(socket, "connect")
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy())
}
