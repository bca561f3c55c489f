import { silentLogger } from "../../contract/logger.ts"
import { RowgateError } from "../../errors/rowgate-error.ts"
import { checkOptions } from "../../options/check-options.ts"
import { type SweepRun, sweepLanding } from "./sweep-landing.ts"
import { type Sweeping, type SweepOptions, sweepSpec } from "./sweep-options.ts"
import { lastPosition, type SweepPosition, savePosition } from "./sweep-position.ts"
import { sweepProcessing } from "./sweep-processing.ts"
import { SweepCounts, type SweepReport } from "./sweep-report.ts"
import { Tries } from "./tries.ts"

/** Time that a call keeps for what it has begun. */
const reserveMs = 15_000
const followUpsAtOnce = 10

/**
 * Looks for deliveries that got stuck and moves them on. Call it on a schedule. It
 *
 * - marks deliveries as failed whose processes were lost, and drops staged rows that nobody needs,
 * - does open follow-ups, so that delivered objects are archived,
 * - removes parts that deliveries left behind,
 * - starts objects again that wait in a landing bucket and that nobody is at work on, such as after a lost event,
 * - and moves objects to the archive as failed that were started `maxTries` times, with the reason beside them.
 *
 * If the time is over, it stops; the next call goes on from there. A failure with one object is in the report, and does not stop the sweep. Any number of
 * objects takes little memory. Several sweeps at once do no harm.
 */
export async function sweep<F>(options: SweepOptions<F>): Promise<SweepReport> {
  checkOptions("sweep()", options, sweepSpec<F>())
  refuseOverlap(options)
  const sweeping = withDefaults(options)
  const counts = new SweepCounts()
  const own = `.sweep/${encodeURIComponent(sweeping.pipeline)}/`
  const run: SweepRun<F> = {
    sweeping,
    counts,
    tries: new Tries(sweeping.processing.storage, `${own}tries/`),
    hasTime: () => (sweeping.remainingMs?.() ?? Number.POSITIVE_INFINITY) >= reserveMs,
  }
  await sweepLedger(run)
  const key = `${own}position.json`
  const begun = await lastPosition(sweeping.processing.storage, key)
  const stopped = await sweepFrom(run, begun)
  await savePosition(sweeping.processing.storage, key, stopped)
  const report = counts.report(stopped === undefined)
  sweeping.logger.info(report, "the sweep is over")
  return report
}

/** Goes through the storages from a position. Returns where it stopped, or undefined at the end. */
async function sweepFrom<F>(run: SweepRun<F>, begun: SweepPosition): Promise<SweepPosition | undefined> {
  const { landing } = run.sweeping
  let { phase, place, after } = begun
  if (phase === "processing") {
    const stop = run.hasTime() ? await sweepProcessing(run, after) : { after }
    if (stop !== undefined) return { phase, place: 0, after: stop.after }
    phase = "landing"
    place = 0
    after = undefined
  }
  for (const each of landing.slice(place)) {
    const stop = run.hasTime() ? await sweepLanding(run, each, after) : { after }
    if (stop !== undefined) return { phase, place, after: stop.after }
    place++
    after = undefined
  }
  return undefined
}

async function sweepLedger<F>(run: SweepRun<F>): Promise<void> {
  const { sweeping, counts } = run
  const { ledger, keepMs, signal } = sweeping
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    ["lost runs", async () => counts.add("lostRuns", await ledger.failLostRuns())],
    ["staged rows", async () => counts.add("staging", (await ledger.dropStaging?.(keepMs)) ?? 0)],
    ["follow-ups", () => doFollowUps(run)],
  ]
  for (const [name, step] of steps) {
    signal?.throwIfAborted()
    await step().catch((error) => {
      signal?.throwIfAborted()
      counts.failed(name, error)
    })
  }
}

async function doFollowUps<F>({ sweeping, counts, hasTime }: SweepRun<F>): Promise<void> {
  while (hasTime()) {
    const taken = await sweeping.ledger.takeFollowUps(followUpsAtOnce)
    if (taken.length === 0) return
    for (const followUp of taken) {
      // Those that were taken in vain can be taken again when their leases are over.
      if (!hasTime()) return
      try {
        sweeping.signal?.throwIfAborted()
        await sweeping.followUp(followUp)
        counts.add("followedUp")
      } catch (error) {
        sweeping.signal?.throwIfAborted()
        counts.add("followUpsFailed")
        counts.failed("follow-up", error)
      }
    }
  }
}

/** Objects in the archive or of the functions would be taken for objects that wait for their delivery. */
function refuseOverlap<F>({ landing, archive, processing }: SweepOptions<F>): void {
  const others = [`s3://${archive.bucket}/${archive.prefix ?? ""}`, processing.storage.name]
  for (const { bucket, prefix = "" } of landing) {
    const uri = `s3://${bucket}/${prefix}`
    const inside = others.find((other) => other.startsWith(uri))
    if (inside === undefined) continue
    throw new RowgateError({
      code: "CONFIG_INVALID",
      message: `${inside} is inside of ${uri}, where objects arrive, so its objects would be delivered.`,
      remedy: "Use different buckets, or prefixes that do not begin with each other.",
      origin: { uri },
    })
  }
}

function withDefaults<F>(options: SweepOptions<F>): Sweeping<F> {
  return {
    ...options,
    graceMs: options.graceMs ?? 15 * 60_000,
    retryMs: options.retryMs ?? 60 * 60_000,
    maxTries: options.maxTries ?? 3,
    keepMs: options.keepMs ?? 24 * 60 * 60_000,
    maxStarts: options.maxStarts ?? 1_000,
    now: options.now ?? new Date(),
    logger: options.logger ?? silentLogger,
  }
}
