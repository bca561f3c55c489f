/** The target of a bench: a bound on a ratio, or on a plain figure. */
export interface Target {
  readonly bound: "at most" | "at least"
  readonly limit: number
  /** The unit of `limit`, unless it is a ratio. */
  readonly unit?: "MB" | "ms" | "rows/s" | undefined
}

/** One line of the bench: the result, the peer's result, and the target. */
export interface BenchLine {
  readonly name: string
  /** Our result with its unit. */
  readonly ours: string
  /** The peer's result with its unit; `-` if there is no peer. */
  readonly peer: string
  /** The figure that the target limits. */
  readonly figure: number
  readonly target: Target
  /** What README.md says about it, if it is one of the results there. */
  readonly told?: Told | undefined
}

/** The words for a result in the table of README.md. */
export interface Told {
  readonly task: string
  readonly peer: string
}

/** How many times as fast as the peer we are. A ratio with an upper bound is our time over the peer's. */
export function speedOf({ figure, target }: BenchLine): number {
  return target.bound === "at most" ? 1 / figure : figure
}

/** Whether the figure reaches its target. */
export function isReached({ figure, target }: BenchLine): boolean {
  return target.bound === "at most" ? figure <= target.limit : figure >= target.limit
}

/** The line `name ours peer ratio target ok|SHORT`, in columns. */
export function lineText(line: BenchLine): string {
  const { limit, bound, unit } = line.target
  const columns = [
    line.name.padEnd(52),
    line.ours.padStart(10),
    line.peer.padStart(10),
    line.figure.toFixed(unit === undefined ? 2 : 0).padStart(8),
    `${bound === "at most" ? "<=" : ">="} ${limit}${unit === undefined ? "" : ` ${unit}`}`.padStart(10),
    isReached(line) ? "ok" : "SHORT",
  ]
  return columns.join("  ")
}

/** Milliseconds as text, with the unit s or ms. */
export function seconds(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`
}
