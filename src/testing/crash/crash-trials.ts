import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { CrashGround } from "./crash-ground.ts"
import type { CrashFault, CrashFinding, CrashOptions, CrashResult } from "./crash-options.ts"

/**
 * Holds a sink to its word while everything goes wrong: loaders are killed, stopped, cut off and run at once, and after each trial one more
 * loader must bring the target to what it should be. The laws: the target holds every good row once, a reader saw the state before or the one
 * after and nothing between, at most one loader says that it loaded, the next one says `"duplicate"` (where that loader is the one after the
 * fault, a quarter of the trials start another to see), every row is accounted for, and nothing is left behind: no lock, socket, timer or
 * temporary file.
 *
 * For sinks that promise `delivery: "once"`. Throws where the program cannot load the file even if nothing happens to it; what a fault
 * brings to light is in the results, one for each fault.
 */
export async function crashTrials<Settings>(options: CrashOptions<Settings>): Promise<readonly CrashResult[]> {
  const { scale = 1, lanes = 2 } = options
  const home = await mkdtemp(join(tmpdir(), "rowgate-crash-"))
  try {
    await using ground = await CrashGround.prepare(options, home)
    const results: CrashResult[] = []
    for (const fault of options.faults ?? (await ground.allFaults())) {
      const all = typeof fault.trials === "number" ? fault.trials : fault.trials(ground.clean)
      const result = await tried(ground, fault, Math.max(1, Math.round(all * scale)), fault.lanes ?? lanes)
      results.push(result)
      options.onResult?.(result)
    }
    return results
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** Where most trials miss, so many are made for each that is wanted. */
const mostTries = 10

async function tried<Settings>(
  ground: CrashGround<Settings>,
  fault: CrashFault<Settings>,
  trials: number,
  lanes: number,
): Promise<CrashResult> {
  const begun = performance.now()
  const findings: CrashFinding[] = []
  const points = new Map<string, number>()
  const most = mostTries * trials
  let next = 0
  let missed = 0
  const lane = async () => {
    while (next < Math.min(most, trials + missed)) {
      const number = next++
      const { broken, isMiss } = await ground
        .trial(fault, number, points)
        .catch((error: unknown) => ({ broken: [`the trial could not be made: ${String(error)}`], isMiss: false }))
      if (broken.length > 0) findings.push({ trial: number, broken })
      if (isMiss) missed++
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, trials) }, lane))
  const hits = next - missed
  if (hits < trials) findings.push({ trial: next, broken: [`only ${hits} of ${trials} trials hit a load that had its claim`] })
  return { fault: fault.name, trials: hits, missed, findings, points, ms: performance.now() - begun }
}
