import { type Cost, excesses, lesserCost } from "../cost-watch.ts"
import type { HostileWorkbook } from "./hostile-workbooks.ts"
import { readInProcess } from "./in-a-process.ts"
import type { HostileReading } from "./read-hostile.ts"

/** Costs that are too high are measured again: other processes on the machine can only add to them. */
const attempts = 4

/** Reads a hostile workbook in its own process, and lists what went wrong: the outcome, leftovers, or the cost. */
export async function hostileFailures(workbook: HostileWorkbook): Promise<string[]> {
  const bytes = workbook.make()
  const files = [{ name: workbook.name, bytes, options: workbook.options }]
  const honest = workbook.honest?.()
  if (honest !== undefined && Math.abs(honest.length / bytes.length - 1) > 0.05) return ["the honest workbook is of another size"]
  const honestBytes = honest === undefined ? 0 : await growth(honest)
  let least: Cost | undefined
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [reading] = await readInProcess(files)
    if (reading === undefined) return ["the process said nothing"]
    const wrong = outcomeFailures(workbook, reading)
    if (wrong.length > 0) return wrong
    least = least === undefined ? reading : lesserCost(least, reading)
    if (excesses(least, honestBytes).length === 0) break
  }
  return least === undefined ? [] : excesses(least, honestBytes)
}

/** What a process grows by when it reads a workbook of many rows: the least of some readings, since the bound must not profit from a busy machine. */
async function growth(bytes: Buffer): Promise<number> {
  const grown: number[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [reading] = await readInProcess([{ name: "honest", bytes }])
    if (reading?.outcome !== "rows") throw new Error(`the honest workbook ends in ${reading?.outcome}`)
    grown.push(reading.grownBytes)
  }
  return Math.min(...grown)
}

/** Lists what went wrong that does not depend on the machine: the outcome and leftovers. */
export function outcomeFailures(workbook: HostileWorkbook, reading: HostileReading): string[] {
  const failures: string[] = []
  if (!workbook.outcomes.includes(reading.outcome))
    failures.push(`ends in ${reading.outcome} (${reading.message}), not in ${workbook.outcomes.join(" or ")}`)
  if (reading.outcome === "LIMIT_EXCEEDED" && !/\d.*the limit is \d+ \(limits\.\w+\)/.test(reading.message))
    failures.push(`does not name the option: ${reading.message}`)
  if (reading.outcome !== "rows" && reading.rows > 0) failures.push(`gives ${reading.rows} rows nevertheless`)
  if (reading.temporaryFiles.length > 0) failures.push(`leaves ${reading.temporaryFiles.join()} behind`)
  if (reading.openFiles > 0) failures.push(`leaves ${reading.openFiles} files open`)
  return failures
}
