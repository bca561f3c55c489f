import { setTimeout as wait } from "node:timers/promises"
import type { CrashTarget } from "./crash-options.ts"

const everyMs = 50

/** Somebody who reads the target twenty times a second. */
export interface Watch {
  /** Everything that was seen. */
  readonly seen: ReadonlySet<string | number>
  /** Resolves when the last look has come back. */
  stop(): Promise<void>
}

/** Looks at a target until told to stop. A look that fails, as it does while its server is down, saw nothing. */
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
