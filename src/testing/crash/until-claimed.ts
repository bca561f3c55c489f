import { setTimeout as wait } from "node:timers/promises"
import type { CrashTarget } from "./crash-options.ts"
import type { Loader } from "./loader-process.ts"

const everyMs = 2

/**
 * Resolves with true when a loader has its claim. Resolves with false if the loader ended before a claim was seen, or if the target has no
 * `claimed`.
 */
export async function untilClaimed(target: Pick<CrashTarget, "claimed">, loader: Pick<Loader, "running">): Promise<boolean> {
  if (target.claimed === undefined) return false
  while (loader.running) {
    if (await target.claimed()) return true
    await wait(everyMs)
  }
  return false
}
