import { vi } from "vitest"
import type { SweepReport } from "../../../src/lambda/sweep/sweep-report.ts"
import { bucket } from "../../sources/s3/s3-server.ts"
import { execute } from "./execution.ts"
import type { FaultWorld } from "./fault-world.ts"

const hour = 3_600_000
/** Hours from now at which the sweeper runs: after the day for which parts are kept, for all tries of an object, and after another such day. */
const sweepHours = [26, 28, 30, 32, 34, 90]

/** Lets time pass and sweeps, until nothing is left to do. */
export async function sweepWorld(world: FaultWorld): Promise<readonly SweepReport[]> {
  const reports: SweepReport[] = []
  const begun = Date.now()
  for (const hours of sweepHours) {
    // The database's own clock goes on, too.
    await world.database.pool.query(
      `UPDATE rowgate.outbox SET leased_until = NULL;
       UPDATE rowgate.part SET leased_until = leased_until - interval '1 day';
       UPDATE rowgate.staging SET touched_at = touched_at - interval '2 days';
       UPDATE rowgate.run SET heartbeat_at = heartbeat_at - interval '1 day' WHERE status = 'running'`,
    )
    vi.useFakeTimers({ toFake: ["Date"], now: begun + hours * hour })
    try {
      reports.push(await sweepOnce(world))
    } finally {
      vi.useRealTimers()
    }
    const left = [...(await world.keys(bucket, "in/")), ...(await world.keys("processing", "orders/"))]
    if (left.length === 0 && (await openFollowUps(world)) === 0) break
  }
  return reports
}

export async function openFollowUps(world: FaultWorld): Promise<number> {
  const { rows } = await world.database.pool.query("SELECT count(*)::int AS n FROM rowgate.outbox WHERE done_at IS NULL")
  return rows[0].n
}

async function sweepOnce(world: FaultWorld): Promise<SweepReport> {
  const { handlers } = world.start({
    async start({ key }) {
      await execute(world, { bucket, key })
      return "started"
    },
  })
  return (await handlers.sweeper({})) as SweepReport
}
