// A loader process of the fault suite: one job as its argument, one answer on its standard output. SIGTERM aborts the load.
import type { LoaderJob } from "./loader-job.ts"
import { runJob } from "./run-job.ts"

const job: LoaderJob = JSON.parse(process.argv[2] ?? "{}")
const abort = new AbortController()
process.on("SIGTERM", () => abort.abort())
let times = 0
process.stdout.write("ready\n")
const answer = await runJob(job, {
  signal: abort.signal,
  reach(step) {
    if (job.stop?.step !== step || ++times !== job.stop.nth) return
    process.kill(process.pid, job.stop.signal)
  },
})
process.stdout.write(`${JSON.stringify(answer)}\n`)
