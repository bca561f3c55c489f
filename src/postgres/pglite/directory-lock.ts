import { randomUUID } from "node:crypto"
import { link, readFile, rename, rm, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { isRunning } from "../../files/is-running.ts"

interface Holder {
  readonly pid: number
  readonly host: string
  /** Tells a process from a later one with the same pid, if the system knows when it began. */
  readonly began: string | undefined
}

/** A lock on a directory: a file next to it. */
export interface DirectoryLock {
  release(): Promise<void>
}

/** Locks the directory. Throws `SINK_BUSY` if another process has it; the lock of a process that has ended is replaced. */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = `${directory}.lock`
  const own = `${path}.${randomUUID()}`
  const content = JSON.stringify({ pid: process.pid, host: hostname(), began: await beginOf(process.pid) } satisfies Holder)
  await writeFile(own, content, { flag: "wx", mode: 0o600 })
  try {
    // A link is created in one step, so no process ever reads a half-written lock.
    for (;;) {
      const holder = await link(own, path).then(
        () => undefined,
        () => readFile(path, "utf8").catch(() => ""),
      )
      if (holder === undefined) break
      if (holder !== "" && (await isAlive(holder))) throw busy(directory, holder)
      await removeStale(path, holder)
    }
  } finally {
    await rm(own, { force: true })
  }
  return {
    async release() {
      if ((await readFile(path, "utf8").catch(() => "")) === content) await rm(path, { force: true })
    },
  }
}

/** Moves the lock aside before removing it. If another process has replaced it meanwhile, its lock is moved back. */
async function removeStale(path: string, seen: string): Promise<void> {
  if (seen === "") return
  const aside = `${path}.${randomUUID()}`
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  if ((await readFile(aside, "utf8")) !== seen) await link(aside, path).catch(() => undefined)
  await rm(aside, { force: true })
}

async function isAlive(content: string): Promise<boolean> {
  const holder = holderOf(content)
  if (holder === undefined) return false
  // Processes of another machine cannot be checked, so such a lock has to be removed by hand.
  if (holder.host !== hostname()) return true
  if (!isRunning(holder.pid)) return false
  const began = await beginOf(holder.pid)
  return holder.began === undefined || began === undefined || began === holder.began
}

function holderOf(content: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(content)
    if (typeof value !== "object" || value === null || !("pid" in value) || !("host" in value)) return undefined
    const began = "began" in value && typeof value.began === "string" ? value.began : undefined
    return { pid: Number(value.pid), host: String(value.host), began }
  } catch {
    return undefined
  }
}

/** When a process began, in ticks since the system started; undefined without /proc. */
async function beginOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined)
  // The second field is the program's name in parentheses, which may contain spaces.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19]
}

function busy(directory: string, content: string): RowgateError {
  const holder = holderOf(content)
  return new RowgateError({
    code: "SINK_BUSY",
    message: `The embedded database in ${directory} is in use by process ${holder?.pid} on ${holder?.host}.`,
    remedy: `Wait until that process ends. If it no longer runs, remove ${directory}.lock.`,
    retryable: true,
    origin: { uri: directory },
  })
}
