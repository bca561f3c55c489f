import { performance } from "node:perf_hooks"

/** Times what is given to it; called for parts of the work, it adds them up and leaves out what lies between. */
export interface Stopwatch {
  time<R>(part: () => R | Promise<R>): Promise<R>
}

/** Runs a bench program on the input it was given and prints, as its last line, what came out and how long the work, or its timed parts, took. */
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
