import { Worker } from "node:worker_threads"

/** After so many minutes, reading a file of a few kilobytes hangs, even on a busy machine. */
const hangMinutes = 2

/** Kills the process and prints the seed if reading a file never ends. An endless loop cannot be stopped from its own thread. */
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
