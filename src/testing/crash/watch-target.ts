import { setTimeout as wait } from "node:timers/promises"
import type { CrashTarget } from "./crash-options.ts"

const everyMs = 50

/** A reader that looks at the target twenty times a second. */
export interface Watch {
  /** Every value that was seen. */
  readonly seen: ReadonlySet<string | number>
  /** Stops. Resolves when the last look is done. */
  stop(): Promise<void>
}

/** Looks at a target until it is stopped. A look that fails, for example while the server is down, is ignored. */
export function watchTarget({ look }: Pick<CrashTarget, "look">): Watch {
  const seen = new Set<string | number>()
  const over = new AbortController()
  const looking = (async () => {
    while (!over.signal.aborted) {
      await look().then(
        (value) => seen.add(value),
        () => undefined,
      )
      await wait(everyMs, undefined, { signal: over.signal }).catch(() => undefined)
    }
  })()
  return {
    seen,
    stop() {
      over.abort()
      return looking
    },
  }
}
