import { ndjsonFile } from "../../src/sinks/ndjson-file.ts"
import { batchOf } from "../postgres/batch-of.ts"
import { deliver } from "./deliver.ts"

/** A process that writes to a file without end, and reports when a good part of it is on the disk. */
async function* batches() {
  const rows = Array.from({ length: 1000 }, (_, id) => ({ id, filling: "x".repeat(1000) }))
  for (let written = 0; ; written++) {
    yield batchOf(rows)
    if (written === 3) process.stdout.write("writing")
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

await deliver(ndjsonFile(process.argv[2] ?? ""), batches())
