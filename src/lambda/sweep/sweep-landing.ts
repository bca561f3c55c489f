import pLimit from "p-limit"
import type { StoredObject } from "../../contract/storage.ts"
import { newestChange } from "./newest-change.ts"
import { setAside } from "./set-aside.ts"
import type { SweptState } from "./sweep-ledger.ts"
import type { Sweeping, SweptLanding, SweptObject } from "./sweep-options.ts"
import type { SweepCounts } from "./sweep-report.ts"
import type { Tries } from "./tries.ts"

const batchObjects = 200
const objectsAtOnce = 8

/** What the steps of a sweep share. */
export interface SweepRun<F> {
  readonly sweeping: Sweeping<F>
  readonly counts: SweepCounts
  readonly tries: Tries
  /** Whether there is time for more. */
  hasTime(): boolean
}

/** Where the next call goes on. */
export interface SweepStop {
  /** The last key that was dealt with. */
  readonly after: string | undefined
}

/**
 * Goes through the objects of a landing place that are older than the grace time, in batches: asks the ledger about each, starts those that nobody is at
 * work on, and sets aside those that were started too often. Returns where it stopped if the time is over, otherwise undefined.
 */
export async function sweepLanding<F>(run: SweepRun<F>, landing: SweptLanding, begun: string | undefined): Promise<SweepStop | undefined> {
  const { sweeping, counts } = run
  const youngest = sweeping.now.getTime() - sweeping.graceMs
  let batch: StoredObject[] = []
  let after = begun
  for await (const object of landing.storage.list(landing.prefix ?? "", { after })) {
    // Consoles create empty objects for folders.
    const isFolder = object.size === 0 && object.key.endsWith("/")
    if (!isFolder && (object.modifiedAt?.getTime() ?? 0) <= youngest) batch.push(object)
    if (batch.length === batchObjects) {
      await sweepBatch(run, landing, batch)
      // Some objects of the batch may have been left out.
      if (!run.hasTime()) return { after }
      batch = []
      if (counts.started >= sweeping.maxStarts) return { after: object.key }
    }
    if (batch.length === 0) after = object.key
  }
  if (batch.length > 0) await sweepBatch(run, landing, batch)
  return run.hasTime() ? undefined : { after }
}

async function sweepBatch<F>(run: SweepRun<F>, landing: SweptLanding, batch: readonly StoredObject[]): Promise<void> {
  const { sweeping, counts } = run
  const limit = pLimit(objectsAtOnce)
  const looked = await Promise.all(batch.map((listed) => limit(() => currentObject(run, landing, listed))))
  const objects = looked.filter((object) => object !== undefined)
  counts.add("seen", objects.length)
  const states = await sweeping.ledger.states(objects.map(({ uri, version }) => ({ uri, version })))
  await Promise.all(
    objects.map((object, at) =>
      limit(async () => {
        try {
          sweeping.signal?.throwIfAborted()
          const state = states[at] ?? { openFollowUps: 0 }
          if (run.hasTime() && isWaiting(state)) await tryAgain(run, object)
        } catch (error) {
          sweeping.signal?.throwIfAborted()
          counts.failed(object.uri, error)
        }
      }),
    ),
  )
}

/** An object with an open follow-up is about to be archived. All others should not be there any more, whatever the ledger knows about them. */
function isWaiting({ status, openFollowUps }: SweptState): boolean {
  return status !== "running" && openFollowUps === 0
}

interface CurrentObject extends SweptObject {
  readonly modifiedAt: Date | undefined
}

/** Looks up the version of a listed object, because listings do not contain version ids. Returns undefined if it is gone. */
async function currentObject<F>(run: SweepRun<F>, landing: SweptLanding, { key }: StoredObject): Promise<CurrentObject | undefined> {
  const uri = `s3://${landing.bucket}/${key}`
  try {
    const found = await landing.storage.stat(key)
    if (found === undefined) return undefined
    const { version: versionId, etag, size, modifiedAt } = found
    return { bucket: landing.bucket, key, uri, version: versionId ?? etag, versionId, etag, size, modifiedAt }
  } catch (error) {
    run.counts.failed(uri, error)
    return undefined
  }
}

async function tryAgain<F>({ sweeping, counts, tries }: SweepRun<F>, given: CurrentObject): Promise<void> {
  const { modifiedAt = sweeping.now, ...object } = given
  const { now, retryMs, maxTries, graceMs, processing } = sweeping
  const since = (at: Date | undefined) => (at === undefined ? Number.POSITIVE_INFINITY : now.getTime() - at.getTime())
  // It was replaced since it was listed.
  if (since(modifiedAt) < graceMs) return
  const { count, lastAt } = await tries.of(object)
  if (since(lastAt) < retryMs) return
  // The functions write parts long before the ledger knows a run.
  if (since(await newestChange(processing.storage, processing.folderOf(object))) < retryMs) return
  if (count >= maxTries) {
    counts.add("found")
    const failure = await sweeping.ledger.lastFailure(object)
    const reason = `The delivery was started ${count} times and did not end.${failure === undefined ? "" : ` The last error: ${failure}`}`
    await setAside(sweeping, object, modifiedAt, reason)
    await tries.forget(object)
    counts.add("poisoned")
    sweeping.logger.error({ uri: object.uri, objectVersion: object.version, tries: count }, "an object was moved to the archive as failed")
    return
  }
  if (counts.started >= sweeping.maxStarts) return counts.add("found")
  if (!(await tries.begin(object, count + 1, now))) return
  const outcome = await sweeping.start(object).catch(async (error: unknown) => {
    counts.add("found")
    await tries.withdraw(object, count + 1)
    throw error
  })
  if (outcome === "running") return tries.withdraw(object, count + 1)
  counts.add("found")
  if (outcome !== "started") throw outcome.failure
  counts.add("started")
  sweeping.logger.warn({ uri: object.uri, objectVersion: object.version, try: count + 1 }, "a delivery was started again")
}
