import { performance } from "node:perf_hooks"

/** Measures the work that it is given. Called for several parts, it adds them up and ignores the time between them. */
export interface Stopwatch {
  time<R>(part: () => R | Promise<R>): Promise<R>
}

/** Runs a bench program on its input. Its last line of output has the result and the duration of the work or of its measured parts. */
export async function measured<I, R extends object>(work: (input: I, watch: Stopwatch) => Promise<R>): Promise<void> {
  const input: I = JSON.parse(process.argv[2] ?? "{}")
  let timed = 0
  const watch: Stopwatch = {
    async time(part) {
      const begin = performance.now()
      const result = await part()
      timed += performance.now() - begin
      return result
    },
  }
  const begin = performance.now()
  const result = await work(input, watch)
  const workMs = timed > 0 ? timed : performance.now() - begin
  console.log(JSON.stringify({ workMs, maxRssMb: process.resourceUsage().maxRSS / 1024, result }))
}
