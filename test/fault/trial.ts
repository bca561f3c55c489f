import { type LoaderProcess, startLoader } from "./loader-process.ts"
import type { Oracle } from "./oracle.ts"
import { brokenLaws, makeTarget, type Target, watchRows } from "./target.ts"

/** What a trial runs in. */
export interface TrialGround {
  readonly url: string
  readonly home: string
  readonly oracle: Oracle
}

/** One fault, and whatever it does to the loaders of a target. */
export type Fault = (target: Target, start: (options?: StartOptions) => Promise<LoaderProcess>) => Promise<void>

/** How a loader of a trial is started. */
export interface StartOptions {
  /** Where it believes the database is; default where it is. */
  readonly url?: string
  readonly heartbeatMs?: number
  readonly staleMs?: number
}

/**
 * Lets a fault happen while a reader looks on, then lets one loader come to its end undisturbed, and checks every law. Gives what was
 * broken: nothing, if all is well.
 */
export async function trial(ground: TrialGround, fault: Fault): Promise<readonly string[]> {
  const target = await makeTarget(ground.url, ground.home, ground.oracle)
  const reader = await watchRows(target)
  const started: LoaderProcess[] = []
  const start = async ({ url = target.url, heartbeatMs = 500, staleMs = 5000 }: StartOptions = {}) => {
    const { path, table, pipeline } = target
    const loader = await startLoader({ url, path, table, pipeline, heartbeatMs, staleMs }, ground.home)
    started.push(loader)
    return loader
  }
  try {
    await fault(target, start)
    const last = await (await start()).ended
    await reader.stop()
    const verdict =
      last?.outcome === "loaded" || last?.outcome === "duplicate" ? [] : [`the loader after the fault said ${JSON.stringify(last)}`]
    return [...verdict, ...(await brokenLaws(target, reader.seen))]
  } finally {
    await reader.stop()
    for (const { child } of started) child.kill("SIGKILL")
  }
}
