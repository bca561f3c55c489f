import { resolve } from "node:path"
import { argv, env } from "node:process"
import { setTimeout as sleep } from "node:timers/promises"
import { pathToFileURL } from "node:url"
import { keysBeside } from "../src/lambda/archive/archive-report.ts"
import { objectHead } from "../src/lambda/archive/object-head.ts"
import { copyObject } from "../src/sources/s3/copy-object.ts"
import { s3Connection } from "../src/sources/s3/s3-connection.ts"
import type { S3ConnectionOptions } from "../src/sources/s3/s3-options.ts"
import { s3Storage } from "../src/sources/s3/s3-storage.ts"

/** Options of `bringBack`. */
export interface BringBackOptions {
  /** How to connect. Default: as the SDK finds region and credentials. */
  readonly s3?: S3ConnectionOptions | undefined
  /** The bucket in which files arrive. */
  readonly landing: string
  /** The bucket with the files that were delivered. */
  readonly archive: string
  /** The pipeline's name. */
  readonly pipeline: string
  /** The moment to which the database was restored. */
  readonly since: Date
  /** Whether to list the files only. Default: false. */
  readonly list?: boolean | undefined
  /** Milliseconds between two looks at a file that is being delivered. Default: 5,000. */
  readonly pollMs?: number | undefined
  /** Milliseconds after which a file that is still in the landing bucket stops the work. Default: 7,200,000 (two hours). */
  readonly waitMs?: number | undefined
}

/** A file of the archive. */
export interface BroughtBack {
  /** Its key in the archive. */
  readonly archived: string
  /** Its key in the landing bucket. */
  readonly key: string
  /** `"delivered"`: it came back and was delivered. `"listed"`: nothing was done. `"by hand"`: it needs more than its bytes, see the guide. */
  readonly status: "delivered" | "listed" | "by hand"
}

/**
 * Delivers the files again that were loaded after a moment, one after another, in the order in which they were archived. Waits until each has left the
 * landing bucket. A file that the ledger knows becomes a duplicate, so you can run it again at any time.
 */
export async function* bringBack(options: BringBackOptions): AsyncGenerator<BroughtBack, void, undefined> {
  const connection = await s3Connection(options.s3 ?? {})()
  const landing = s3Storage({ ...options.s3, bucket: options.landing })
  for (const { archived, key, isByHand } of await archivedSince(options)) {
    if (isByHand || options.list === true) {
      yield { archived, key, status: options.list === true ? "listed" : "by hand" }
      continue
    }
    const place = { bucket: options.landing, key }
    if ((await landing.stat(key)) !== undefined)
      throw new Error(`${options.landing} has an object ${key}. Move it aside first, so that it is not replaced.`)
    const source = { bucket: options.archive, key: archived }
    const head = await objectHead(connection, source, undefined)
    if (head === undefined || !(await copyObject(connection, { ...source, head }, place)))
      throw new Error(`${archived} cannot be copied to ${options.landing}.`)
    const { pollMs = 5_000, waitMs = 2 * 3_600_000 } = options
    for (const end = Date.now() + waitMs; (await landing.stat(key)) !== undefined; await sleep(pollMs))
      if (Date.now() > end) throw new Error(`${key} is still in ${options.landing}. Find out why it is not delivered, then run this again.`)
    yield { archived, key, status: "delivered" }
  }
}

/** A loaded file of the archive. */
interface ArchivedFile {
  readonly archived: string
  readonly key: string
  readonly second: number
  readonly isByHand: boolean
}

/** The loaded files that were archived since the moment, the first one first. Reports and rejects are not files. */
async function archivedSince({ s3, archive, pipeline, since }: BringBackOptions): Promise<readonly ArchivedFile[]> {
  const folder = `loaded/${encodeURIComponent(pipeline)}/`
  // The day in the key is that of the last statement before the commit, which may be the day before.
  const day = new Date(since.getTime() - 86_400_000).toISOString().slice(0, 10).replaceAll("-", "/")
  const found = new Map<string, number>()
  // S3 counts whole seconds.
  for await (const { key, modifiedAt } of s3Storage({ ...s3, bucket: archive }).list(folder, { after: `${folder}${day}` }))
    found.set(key, Math.floor((modifiedAt?.getTime() ?? 0) / 1_000))
  for (const key of [...found.keys()]) for (const beside of Object.values(keysBeside(key))) found.delete(beside)
  const files = [...found].map(([archived, second]) => ({ archived, key: originalKey(archived), second }))
  // Nothing tells which of two versions of a file came first if they were archived in the same second.
  const times = new Map<string, number>()
  for (const file of files) times.set(timeOf(file), (times.get(timeOf(file)) ?? 0) + 1)
  return files
    .filter(({ second }) => second >= Math.floor(since.getTime() / 1_000))
    .toSorted((one, other) => one.second - other.second)
    .map((file) => ({ ...file, isByHand: needsMoreThanBytes(file.key) || (times.get(timeOf(file)) ?? 0) > 1 }))
}

function timeOf({ key, second }: { readonly key: string; readonly second: number }): string {
  return `${second} ${key}`
}

/** Corrections and reloads are started in another way, and the archive has a hash in place of the beginning of a very long key. */
function needsMoreThanBytes(key: string): boolean {
  return /^(?:(?:corrections|reload)\/|[0-9a-f]{32}~)/.test(key)
}

/** The key that an object had in the landing bucket: without `loaded/<pipeline>/<yyyy>/<mm>/<dd>/<delivery id>/`, and without the escapes of `archiveKey`. */
function originalKey(archived: string): string {
  return archived
    .split("/")
    .slice(6)
    .join("/")
    .replace(/(?<=^|\/)~/g, "")
}

if (import.meta.url === pathToFileURL(resolve(argv[1] ?? "")).href) {
  const [pipeline, moment = ""] = argv.slice(2).filter((argument) => argument !== "--list")
  const { LANDING_BUCKET: landing, ARCHIVE_BUCKET: archive } = env
  const since = new Date(moment)
  if (pipeline === undefined || Number.isNaN(since.getTime()) || landing === undefined || archive === undefined)
    throw new Error("Usage: LANDING_BUCKET=... ARCHIVE_BUCKET=... tsx tools/bring-back.ts PIPELINE 2026-11-30T04:05:00Z [--list]")
  const list = argv.includes("--list")
  for await (const { status, archived } of bringBack({ landing, archive, pipeline, since, list })) console.log(`${status}  ${archived}`)
}
