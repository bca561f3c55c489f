import pLimit from "p-limit"
import type { SweepRun, SweepStop } from "./sweep-landing.ts"

const removalsAtOnce = 16

/** The objects of one delivery, as a listing shows them. */
interface Folder {
  readonly name: string
  newest: number
}

/**
 * Removes what deliveries left in the processing storage that are over, or that nobody has touched for a long time. Returns where it stopped if the
 * time is over, otherwise undefined.
 */
export async function sweepProcessing<F>(run: SweepRun<F>, after: string | undefined): Promise<SweepStop | undefined> {
  const { sweeping, tries } = run
  const { storage, folder: root } = sweeping.processing
  let current: Folder | undefined
  for await (const { key, modifiedAt } of storage.list(root, { after })) {
    const end = key.indexOf("/", root.length)
    if (end < 0) continue
    const name = key.slice(0, end + 1)
    if (current !== undefined && current.name !== name) {
      await sweepFolder(run, current)
      if (!run.hasTime()) return { after: lastKeyOf(current) }
    }
    if (current?.name !== name) current = { name, newest: 0 }
    current.newest = Math.max(current.newest, modifiedAt?.getTime() ?? Number.POSITIVE_INFINITY)
  }
  if (current !== undefined) await sweepFolder(run, current)
  // Of objects that were delivered after all.
  await tries.prune(new Date(sweeping.now.getTime() - sweeping.keepMs - 2 * sweeping.maxTries * sweeping.retryMs))
  return undefined
}

/** Sorts after each key of the folder, and before the next folder. */
function lastKeyOf({ name }: Folder): string {
  return `${name}\u{10ffff}`
}

async function sweepFolder<F>(run: SweepRun<F>, folder: Folder): Promise<void> {
  const { sweeping, counts } = run
  const oldest = sweeping.now.getTime() - sweeping.keepMs
  if (folder.newest > oldest) return
  try {
    sweeping.signal?.throwIfAborted()
    if (await isNeeded(run, folder)) return
    counts.add("cleanedObjects", await removeFolder(run, folder, oldest))
    counts.add("cleanedDeliveries")
  } catch (error) {
    sweeping.signal?.throwIfAborted()
    counts.failed(folder.name, error)
  }
}

/** A load may read the parts for hours without writing any, and a follow-up may need them. */
async function isNeeded<F>({ sweeping }: SweepRun<F>, { name }: Folder): Promise<boolean> {
  const file = await sweeping.processing.fileOf(name)
  if (file === undefined) return false
  const [state] = await sweeping.ledger.states([file])
  return state !== undefined && (state.status === "running" || state.openFollowUps > 0)
}

/** Removes manifests first: a function that wakes up late then finds no delivery, instead of one without its parts. */
async function removeFolder<F>(run: SweepRun<F>, { name }: Folder, oldest: number): Promise<number> {
  const { storage } = run.sweeping.processing
  let removed = 0
  for (const isTurn of [isManifest, () => true]) {
    const limit = pLimit(removalsAtOnce)
    let removals: Promise<void>[] = []
    for await (const { key, modifiedAt } of storage.list(name)) {
      // Somebody has begun to work here again.
      if ((modifiedAt?.getTime() ?? 0) > oldest) break
      if (!isTurn(key)) continue
      removals.push(limit(() => storage.remove(key)))
      removed++
      if (removals.length < 1_000) continue
      await Promise.all(removals)
      removals = []
    }
    await Promise.all(removals)
  }
  return removed
}

function isManifest(key: string): boolean {
  return key.endsWith("/manifest.json")
}
