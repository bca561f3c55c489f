// Reads one hostile case and prints its cost: `node read.js CASES.js NAME`.
import { readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { pathToFileURL } from "node:url"
import { silentLogger } from "../../src/contract/logger.ts"
import { RowgateError } from "../../src/errors/rowgate-error.ts"
import { watchCost } from "./cost-watch.ts"
import type { HostileCases, Measured } from "./hostile-case.ts"

const [, , modulePath = "", name = ""] = process.argv
const { cases }: { readonly cases: HostileCases } = await import(pathToFileURL(modulePath).href)
const { parser, file, context } = (await cases[name]?.()) ?? fail()
const issues = new Set<string>()
let rows = 0
let rejected = 0
let outcome = "read"
let message = ""

const costs = watchCost()
try {
  const run = { runId: "hostile", signal: new AbortController().signal, logger: silentLogger, asOf: new Date(0), ...context }
  for await (const batch of parser.parse(file, run)) {
    rows += batch.length
    rejected += batch.length - batch.selection.size
    for (const { issue } of batch.issues) issues.add(issue.code)
    // Gives the event loop a turn for each batch, as any sink does.
    await new Promise((resolve) => setImmediate(resolve))
  }
} catch (error) {
  outcome = error instanceof RowgateError ? error.code : String(error instanceof Error ? error.stack : error)
  message = error instanceof Error ? error.message : ""
}
const measured: Measured = {
  ...(await costs()),
  outcome,
  message,
  rows,
  rejected,
  issues: [...issues].sort(),
  leftFiles: readdirSync(tmpdir()),
  leftHandles: process.getActiveResourcesInfo().filter((kind) => !/^(TTYWrap|PipeWrap|Immediate)$/.test(kind)),
}
console.log(JSON.stringify(measured))

function fail(): never {
  throw new Error(`${modulePath} has no case ${name}`)
}
