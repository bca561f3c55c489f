import type { HostileWorkbook } from "./hostile-workbooks.ts"
import { readInProcess } from "./in-a-process.ts"
import type { HostileReading } from "./read-hostile.ts"

/** What a hostile file may cost. */
const mostMs = 2000
const mostMb = 64
const mostDelayMs = 200

/** Times are taken again where they are too long: what else the machine does only ever adds to them. */
const attempts = 4

/** What is wrong with how hostile workbooks are taken, each in a process of its own. */
export async function hostileFaults(workbook: HostileWorkbook): Promise<string[]> {
  const files = [{ name: workbook.name, bytes: workbook.make(), options: workbook.options }]
  let faults: string[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [reading] = await readInProcess(files)
    if (reading === undefined) return ["the process said nothing"]
    const wrong = outcomeFaults(workbook, reading)
    if (wrong.length > 0) return wrong
    faults = costFaults(reading)
    if (faults.length === 0) break
  }
  return faults
}

/** What does not depend on the machine: what came of the file, and what was left behind. */
export function outcomeFaults(workbook: HostileWorkbook, reading: HostileReading): string[] {
  const faults: string[] = []
  if (!workbook.outcomes.includes(reading.outcome))
    faults.push(`ends in ${reading.outcome} (${reading.message}), not in ${workbook.outcomes.join(" or ")}`)
  if (reading.outcome === "LIMIT_EXCEEDED" && !/\d.*the limit is \d+ \(limits\.\w+\)/.test(reading.message))
    faults.push(`does not name the option: ${reading.message}`)
  if (reading.outcome !== "rows" && reading.rows > 0) faults.push(`gives ${reading.rows} rows all the same`)
  if (reading.temporaryFiles.length > 0) faults.push(`leaves ${reading.temporaryFiles.join()} behind`)
  if (reading.openFiles > 0) faults.push(`leaves ${reading.openFiles} files open`)
  return faults
}

function costFaults({ ms, grownMb, delayMs }: HostileReading): string[] {
  const faults: string[] = []
  if (ms > mostMs) faults.push(`takes ${ms} ms`)
  if (grownMb > mostMb) faults.push(`takes ${grownMb} MB`)
  if (delayMs > mostDelayMs) faults.push(`blocks the event loop for ${delayMs} ms`)
  return faults
}
