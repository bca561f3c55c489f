import type { Dialect } from "../dialect/dialect.ts"

const lf = 10
const cr = 13

/** Where the line at a position ends, including its line end; negative if the line end is not among the first `have` bytes. */
export function lineEndFrom(window: Buffer, position: number, have: number, { lineEnd }: Dialect): number {
  if (lineEnd === "\n") {
    const at = window.indexOf(lf, position)
    return at < 0 || at >= have ? -1 : at + 1
  }
  for (let at = position; at < have; at++) {
    if (window[at] === lf) return at + 1
    // It may be half of CR LF.
    if (window[at] === cr) return at + 1 === have ? -1 : window[at + 1] === lf ? at + 2 : at + 1
  }
  return -1
}

/** How many line ends are between two positions. */
export function countLineEnds(window: Buffer, from: number, to: number, { lineEnd }: Dialect): number {
  const loneCr = lineEnd === "\r"
  let lines = 0
  for (let at = from; at < to; at++) if (window[at] === lf || (loneCr && window[at] === cr && window[at + 1] !== lf)) lines++
  return lines
}
