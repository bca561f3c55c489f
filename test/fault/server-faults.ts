import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import pg from "pg"
import type { CrashFault, CrashTrial, Loader, LoaderOutput } from "rowgate/testing"
import type { LoaderSettings } from "./loader-settings.ts"

/** The server that the trials harm. */
export interface HarmedServer {
  /** The connection string of its superuser. */
  readonly url: string
  readonly dataDirectory: string
  /** The pool of the observers. */
  readonly pool: pg.Pool
}

type Fault = CrashFault<LoaderSettings>
type Trial = CrashTrial<LoaderSettings>

/** Faults that harm the backends of one loader. */
export function backendFaults({ pool, url }: HarmedServer): readonly Fault[] {
  return [
    { name: "backends terminated (57P01)", trials: 100, run: atSomeMoment((trial) => backendsTerminated(trial, pool)) },
    { name: "serialization failure (40001)", trials: 10, run: (trial) => conflicting(trial, pool) },
    { name: "deadlock (40P01)", trials: 10, lanes: 5, run: (trial) => deadlocked(trial, pool, url) },
  ]
}

/** Faults that affect every client of the server. */
export function serverFaults(server: HarmedServer): readonly Fault[] {
  return [
    { name: "SIGKILL of a backend", trials: 20, lanes: 1, run: atSomeMoment((trial) => backendKilled(trial, server)) },
    {
      name: "SIGKILL or immediate stop of the postmaster",
      trials: 20,
      lanes: 1,
      run: atSomeMoment((trial) => postmasterEnded(trial, server)),
    },
    { name: "no connection slots left (53300)", trials: 10, lanes: 1, run: (trial) => slotsTaken(trial, server) },
  ]
}

/** A trigger that raises one serialization failure. `%s` is the table. */
const serializationFailure = `
  CREATE SEQUENCE %s_rows;
  CREATE FUNCTION %s_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('%s_rows') = 7777 THEN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END IF;
      RETURN NEW;
    END $$;
  CREATE TRIGGER conflict BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %s_conflict()`

async function conflicting(trial: Trial, pool: pg.Pool): Promise<readonly string[]> {
  await pool.query(serializationFailure.replaceAll("%s", trial.target.settings.table))
  return judged(await (await trial.start()).ended, trial)
}

/** Starts a loader and harms it at a random moment of a load's usual time. */
function atSomeMoment(harm: (trial: Trial, loader: Loader) => Promise<readonly string[] | undefined>): Fault["run"] {
  return async (trial) => {
    const loader = await trial.start()
    await wait(trial.random() * trial.clean.ms)
    const found = await harm(trial, loader)
    await loader.ended
    return found
  }
}

async function backendsTerminated({ target }: Trial, pool: pg.Pool): Promise<undefined> {
  await pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [target.settings.table])
}

/** Kills a backend. The postmaster then ends all others and recovers; the end of another connection shows that it has begun. */
async function backendKilled({ target }: Trial, server: HarmedServer): Promise<undefined> {
  const witness = new pg.Client({ connectionString: server.url })
  witness.on("error", () => undefined)
  const ended = new Promise((resolve) => witness.once("end", resolve))
  await witness.connect()
  const { rows } = await witness.query("SELECT pid FROM pg_stat_activity WHERE application_name = $1 ORDER BY random() LIMIT 1", [
    target.settings.table,
  ])
  if (rows[0] === undefined || !signal(Number(rows[0].pid), "SIGKILL")) await witness.end()
  // A backend that was about to end by itself is not missed by anybody.
  const over = new AbortController()
  await Promise.race([ended, wait(5_000, undefined, { signal: over.signal })])
  over.abort()
  await witness.end()
  await answering(server)
}

/** Ends the postmaster; every other time with all its children, as when the machine fails. */
async function postmasterEnded({ number }: Trial, server: HarmedServer): Promise<undefined> {
  const postmaster = Number((await readFile(join(server.dataDirectory, "postmaster.pid"), "utf8")).split("\n")[0])
  const children = number % 2 === 0 ? [] : await childrenOf(postmaster)
  for (const pid of [postmaster, ...children]) signal(pid, number % 2 === 0 ? "SIGQUIT" : "SIGKILL")
  await gone(postmaster)
  await answering(server)
}

/** Takes every connection slot before the loader connects, and frees them a moment later. */
async function slotsTaken(trial: Trial, { url }: HarmedServer): Promise<readonly string[]> {
  const others: pg.Client[] = []
  try {
    for (;;) {
      const client = new pg.Client({ connectionString: url })
      client.on("error", () => undefined)
      try {
        await client.connect()
        others.push(client)
      } catch {
        break
      }
    }
    const loader = await trial.start({ attempts: 3 })
    await wait(500)
    for (const client of others.splice(0)) await client.end()
    const output = await loader.ended
    return output?.outcome === "loaded" ? [] : [`the loader did not wait for a connection: ${output?.code} ${output?.message}`]
  } finally {
    for (const client of others) await client.end()
  }
}

/** Makes a deadlock: another transaction holds a late row that the loader reaches, and then wants an early row that the loader holds. */
async function deadlocked(trial: Trial, pool: pg.Pool, url: string): Promise<readonly string[]> {
  const { table } = trial.target.settings
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  try {
    // A session that waits for longer than this looks for deadlocks and gives way. It should be the loader, unless the machine is very slow.
    await other.query("SET deadlock_timeout = '20s'")
    await other.query("BEGIN")
    await other.query(`INSERT INTO ${table} VALUES ($1, 'other', 0, NULL)`, [trial.file.read - 5])
    const loader = await trial.start()
    while (loader.running && !(await waitsForLock(pool, table))) await wait(5)
    await other.query(`INSERT INTO ${table} VALUES (1, 'other', 0, NULL)`).catch(ignoreDeadlock)
    await other.query("ROLLBACK")
    return judged(await loader.ended, trial)
  } finally {
    await other.end()
  }
}

function ignoreDeadlock(error: unknown): void {
  if (!(error instanceof pg.DatabaseError) || error.code !== "40P01") throw error
}

async function waitsForLock(pool: pg.Pool, table: string): Promise<boolean> {
  const { rows } = await pool.query("SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'", [table])
  return rows.length > 0
}

/** Judges a loader after one conflict: if it may try again it has loaded, otherwise it reports the conflict. */
function judged(output: LoaderOutput | undefined, { number }: Trial): readonly string[] {
  const wanted = number % 2 === 0 ? "SINK_BUSY" : "loaded"
  const said = output?.outcome ?? output?.code
  return said === wanted || said === "loaded" ? [] : [`after a conflict the loader said ${said}: ${output?.message}`]
}

async function answering({ url }: HarmedServer): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await wait(50)) {
    const client = new pg.Client({ connectionString: url })
    client.on("error", () => undefined)
    const answered = await client
      .connect()
      .then(
        () => client.query("SELECT 1").then(() => true),
        () => false,
      )
      .catch(() => false)
    await client.end().catch(() => undefined)
    if (answered) return
  }
  throw new Error("the server did not come back within a minute")
}

async function gone(pid: number): Promise<void> {
  while (
    await readFile(`/proc/${pid}/stat`, "utf8").then(
      (text) => !/\) Z /.test(text),
      () => false,
    )
  )
    await wait(10)
}

async function childrenOf(parent: number): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0)
  const parents = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")
      return Number(
        text
          .slice(text.lastIndexOf(")") + 1)
          .trim()
          .split(" ")[1],
      )
    }),
  )
  return pids.filter((_pid, at) => parents[at] === parent)
}

/** Sends a signal. Returns false if the process has just ended by itself. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
