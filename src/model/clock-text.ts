/** Milliseconds as `[-]HH:MM:SS[.fff]`; hours may exceed 24. */
export function clockText(ms: number): string {
  const total = Math.abs(ms)
  const seconds = Math.floor(total / 1000)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":")
  const fraction = Math.round(total % 1000)
  return (ms < 0 ? "-" : "") + clock + (fraction === 0 ? "" : `.${String(fraction).padStart(3, "0")}`)
}
