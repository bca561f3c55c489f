import { Worker } from "node:worker_threads"

/** Minutes after which a file of a few kilobytes hangs, on the busiest machine. */
const hangMinutes = 2

/** Ends the process, and says by which seed, where a file is never done with: a loop that never ends cannot be stopped from within. */
export function hangWatch(): { begin(seed: number): void; end(): Promise<void> } {
  const current = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(program, { eval: true, workerData: { current, hangMs: hangMinutes * 60_000 } })
  worker.unref()
  return {
    begin(seed) {
      Atomics.store(current, 0, seed)
      Atomics.add(current, 1, 1)
    },
    async end() {
      await worker.terminate()
    },
  }
}

const program = `
const { writeSync } = require("node:fs")
const { workerData: { current, hangMs } } = require("node:worker_threads")
let files = 0
let since = performance.now()
setInterval(() => {
  const now = Atomics.load(current, 1)
  if (now !== files) since = performance.now()
  files = now
  if (performance.now() - since < hangMs) return
  writeSync(2, "seed " + Atomics.load(current, 0) + " hangs\\n")
  process.kill(process.pid, "SIGKILL")
}, 1000)
`
