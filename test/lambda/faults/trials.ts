import { createHash } from "node:crypto"
import { GetObjectCommand } from "@aws-sdk/client-s3"
import { bucket } from "../../sources/s3/s3-server.ts"
import type { FaultWorld } from "./fault-world.ts"
import { openFollowUps, sweepWorld } from "./sweep-world.ts"

const lines: string[] = []

/** Counts the trials of a fault, and what was broken in them. */
export class Fault {
  readonly #name: string
  readonly broken: string[] = []
  readonly #begun = performance.now()
  trials = 0

  constructor(name: string) {
    this.#name = name
  }

  /** Counts a trial: `broken` is what was wrong with it. */
  add(trial: string, broken: readonly string[]): void {
    this.trials++
    if (broken.length > 0) this.broken.push(`${trial}: ${broken.join("; ")}`)
  }

  /** Prints the line of the summary, and returns all that was broken. */
  end(): readonly string[] {
    const numbers = [this.trials, this.broken.length, ((performance.now() - this.#begun) / 1_000).toFixed(1)]
    const line = `${this.#name.padEnd(84)}${numbers.map((number) => String(number).padStart(8)).join("")}`
    lines.push(line)
    process.stdout.write(`${line}\n`)
    if (this.trials === 0) return ["there was no trial"]
    return this.broken
  }
}

/** One line for each fault: its name, trials, broken trials, seconds. */
export function summary(): string {
  return ["", "faults: name, trials, broken, seconds", ...lines, ""].join("\n")
}

/** What must have become of an object. */
export interface Expected {
  readonly key: string
  readonly body: string
  /** Where the object is in the archive: `loaded/`, `refused/`, `failed/`. */
  readonly outcome?: "loaded" | "refused" | "failed"
  /** How many copies the archive has, if several deliveries had the object. */
  readonly copies?: number
}

/** Lets the sweeper clear up, and returns what contradicts the promise of exactly one effect. */
export async function brokenAfter(world: FaultWorld, { key, body, outcome = "loaded", copies = 1 }: Expected): Promise<readonly string[]> {
  const broken = [...world.wrong]
  const is = (what: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) broken.push(`${what}: ${shown(actual)} instead of ${shown(expected)}`)
  }
  const reports = await sweepWorld(world)
  broken.push(...world.wrong.slice(broken.length))
  for (const { failures } of reports) for (const { subject, message } of failures.first) broken.push(`sweep of ${subject}: ${message}`)
  const state = await world.state()
  const oracle = world.oracleOf(body)
  if (outcome === "failed") is("rows", state.rows, "[]")
  else for (const part of ["status", "counts", "rows", "rejects", "score"] as const) is(part, state[part], oracle[part])
  is("open follow-ups", await openFollowUps(world), 0)
  is("objects in processing", (await world.keys("processing", "orders/")).join(), "")
  is("staging", await staging(world), "")
  is("object in landing", (await world.keys(bucket)).includes(key), false)
  const archived = await world.copies(key)
  is("copies in the archive", archived.length, copies)
  is("place in the archive", archived.filter((each) => each.startsWith(`${outcome}/`)).length, 1)
  for (const each of archived) is("hash of the copy", await hashOf(world, each), createHash("sha256").update(body).digest("hex"))
  await world.endProcesses()
  return broken
}

/** Staged rows, tables of staging, and other transactions that are left. */
async function staging({ database: { pool } }: FaultWorld): Promise<string> {
  const tables = await pool.query(
    `SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname = 'rowgate' AND relkind IN ('r', 'p') AND relname ~ '^(stag|part)' AND relname NOT IN ('staging', 'part', 'part_refusal')`,
  )
  const parts = await pool.query("SELECT count(*)::int AS n FROM rowgate.part")
  return [...tables.rows.map(({ relname }) => relname), ...(parts.rows[0].n > 0 ? [`${parts.rows[0].n} parts`] : [])].join()
}

async function hashOf(world: FaultWorld, key: string): Promise<string> {
  const { Body } = await world.server.client.send(new GetObjectCommand({ Bucket: "archive", Key: key }))
  const bytes = await Body?.transformToByteArray()
  return createHash("sha256")
    .update(bytes ?? "")
    .digest("hex")
}

function shown(value: unknown): string {
  const text = String(value)
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length})` : text
}
