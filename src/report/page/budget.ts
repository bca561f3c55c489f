import type { Html } from "./html.ts"

/** Items that were rendered, and how many were left out. */
export interface Fitting {
  readonly shown: readonly Html[]
  readonly left: number
}

/** Renders items until their HTML takes more than `bytes`. The first one is always shown. */
export function fitting<T>(items: readonly T[], bytes: number, render: (item: T, at: number) => Html): Fitting {
  const shown: Html[] = []
  let used = 0
  for (const [at, item] of items.entries()) {
    const code = render(item, at)
    used += Buffer.byteLength(String(code))
    if (used > bytes && shown.length > 0) break
    shown.push(code)
  }
  return { shown, left: items.length - shown.length }
}
