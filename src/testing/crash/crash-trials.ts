import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checkOptions } from "../../options/check-options.ts"
import { anyText, callback, having, kind, list, needed, number, position } from "../../options/option-kinds.ts"
import { CrashGround } from "./crash-ground.ts"
import type { CrashFault, CrashFinding, CrashOptions, CrashResult } from "./crash-options.ts"

/**
 * Tests that a sink keeps its promises while everything goes wrong. Loaders are killed, stopped, disconnected and run at once; after each trial,
 * one more loader must bring the target to its correct state. These are the laws:
 *
 * - The target has every good row once.
 * - A reader saw the state before or after the load, and nothing in between.
 * - At most one loader reports that it loaded, and the next one reports `"duplicate"`. If the loader after the fault is the one that loads, a
 *   quarter of the trials start another to check this.
 * - Every row is accounted for.
 * - No lock, socket, timer or temporary file is left.
 *
 * Use it for sinks that promise `delivery: "once"`. Returns one result for each fault. Throws if the program cannot load the file even without
 * faults.
 */
export async function crashTrials<Settings>(options: CrashOptions<Settings>): Promise<readonly CrashResult[]> {
  checkOptions<CrashOptions<Settings>>("crashTrials()", options, {
    program: needed(kind("a path or a file: URL", (value) => typeof value === "string" || value instanceof URL)),
    execArgv: list(anyText()),
    target: needed(callback("a function that makes a target")),
    faults: list(having<CrashFault<Settings>>("a fault", "run"), "a list of faults"),
    scale: number(0),
    rows: position(),
    rejectEvery: position(),
    batchRows: position(),
    lanes: position(),
    seed: position(0),
    patienceSeconds: number(0),
    onResult: callback(),
  })
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

/** If most trials miss, this many are made for each that is needed. */
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
        .catch((error: unknown) => ({ broken: [`the trial could not be run: ${String(error)}`], isMiss: false }))
      if (broken.length > 0) findings.push({ trial: number, broken })
      if (isMiss) missed++
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, trials) }, lane))
  const hits = next - missed
  if (hits < trials) findings.push({ trial: next, broken: [`only ${hits} of ${trials} trials hit a load that had its claim`] })
  return { fault: fault.name, trials: hits, missed, findings, points, ms: performance.now() - begun }
}
