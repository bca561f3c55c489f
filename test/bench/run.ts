/**
 * `npm run bench` prints each target as one line: `name ours peer ratio target ok|SHORT`.
 *
 * `--full` measures at the sizes of the targets and five times per side instead of three; `--only P1,P4` measures only some. `--readme` also
 * writes the table of README.md. The exit code is 1 if a side failed or the two sides had different results. A target that is SHORT is a result,
 * not a failure.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { cpus, loadavg } from "node:os"
import { parseArgs } from "node:util"
import { detect } from "./detect.ts"
import { functions } from "./functions.ts"
import type { Bench } from "./harness/bench.ts"
import { type BenchLine, lineText } from "./harness/line.ts"
import { psqlVersion } from "./harness/raw-copy.ts"
import { type Machine, withSpeedTable } from "./harness/speed-table.ts"
import { p1p2 } from "./p1-append.ts"
import { p3 } from "./p3-upsert.ts"
import { p4p5 } from "./p4-p5-xlsx.ts"
import { p6 } from "./p6-csv.ts"
import { p7 } from "./p7-validate.ts"
import { p8 } from "./p8-score.ts"
import { p9 } from "./p9-memory.ts"
import { p10 } from "./p10-growth.ts"
import { p12 } from "./p12-cold-start.ts"
import { p13 } from "./p13-cores.ts"
import { parts } from "./parts.ts"

const benches: readonly Bench[] = [p1p2, p3, p4p5, p6, p7, p8, p9, p10, p12, p13]
/** Measured only if `--only` names them. */
const others: readonly Bench[] = [parts, functions, detect]

const { values } = parseArgs({ options: { full: { type: "boolean" }, only: { type: "string" }, readme: { type: "boolean" } } })
const only = values.only?.split(",").map((id) => id.trim().toUpperCase())
const setting = { full: values.full === true, repeats: values.full === true ? 5 : 3 }

const machine: Machine = {
  node: process.versions.node,
  cores: `${cpus().length} x ${cpus()[0]?.model ?? "?"}`,
  load: (loadavg()[0] ?? Number.NaN) / cpus().length,
  date: new Date(),
  repeats: setting.repeats,
}
const lines: BenchLine[] = []

console.error(`node ${machine.node}, ${machine.cores}, ${psqlVersion ?? "no psql: its peer is pg-copy-streams"}`)
for (const bench of only === undefined ? benches : [...benches, ...others]) {
  if (only !== undefined && !bench.ids.some((id) => only.includes(id))) continue
  try {
    for (const line of await bench.run(setting)) {
      console.log(lineText(line))
      lines.push(line)
    }
  } catch (error) {
    process.exitCode = 1
    console.log(`${bench.ids.join(", ")}  failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
if (values.readme === true && process.exitCode === undefined) {
  const page = new URL("../../README.md", import.meta.url)
  writeFileSync(page, withSpeedTable(readFileSync(page, "utf8"), lines, machine))
}
