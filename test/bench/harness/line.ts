/** What a bench aims at: a bound on a ratio, or on a plain figure. */
export interface Target {
  readonly bound: "at most" | "at least"
  readonly limit: number
  /** Of `limit`, where it is not a ratio. */
  readonly unit?: "MB" | "ms" | undefined
}

/** One line of the bench: what was measured, beside what, against which target. */
export interface BenchLine {
  readonly name: string
  /** Our side, with its unit. */
  readonly ours: string
  /** The other side, with its unit; `-` where there is none. */
  readonly peer: string
  /** The figure that the target bounds. */
  readonly figure: number
  readonly target: Target
}

/** Whether the figure keeps to its target. */
export function isReached({ figure, target }: BenchLine): boolean {
  return target.bound === "at most" ? figure <= target.limit : figure >= target.limit
}

/** `name  ours  peer  ratio  target  ok|SHORT`, in columns. */
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

/** Milliseconds as seconds with their unit. */
export function seconds(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`
}
