/**
 * `npm run demo`: loads two messy files made for this project and two real ones into an embedded PostgreSQL, with the `rowgate` command.
 * It writes everything to `.rowgate/demo`.
 */
import { rm } from "node:fs/promises"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { type CliIo, runCli } from "rowgate/cli"

const root = fileURLToPath(new URL("../..", import.meta.url))
const real = join(root, "node_modules/vega-datasets/data")
const { stdout, stderr } = process
const io: CliIo = { stdout, stderr, env: {}, cwd: root }
const target = ["--to", "pglite:.rowgate/demo"]

await rm(join(root, ".rowgate/demo"), { recursive: true, force: true })
heading("A workbook with titles above its header, formulas and errors, and a csv with semicolons and ragged lines: one contract for both")
const samples = ["examples/data/sample.xlsx", "examples/data/sample.csv"]
const contract = ["--config", "examples/demo/rowgate.config.ts", "--as-of", "2026-01-05", "--rejects", ".rowgate/demo-rejects.ndjson"]
await rowgate("ingest", ...samples, ...contract, ...target)

heading("Two real files without any contract: kinds are inferred from a sample, and the score is provisional")
await rowgate("ingest", join(real, "zipcodes.csv"), join(real, "movies.json"), ...target)

heading("The same workbook once more: nothing is loaded twice")
await rowgate("ingest", "examples/data/sample.xlsx", ...contract, ...target)

heading("Where to look")
stdout.write(`the database     .rowgate/demo, a PostgreSQL in a folder
  its rows       npm run demo:look "SELECT order_no, customer, total FROM orders LIMIT 5"
  its rejects    npm run demo:look "SELECT address, line_number, issues FROM rowgate.reject LIMIT 5"
  its ledger     npm run demo:look "SELECT status, uri, read, loaded, rejected FROM rowgate.run"
the rejects      .rowgate/demo-rejects.ndjson, with raw cells and reasons
the contract     examples/demo/sample-contract.ts
the damage       examples/data/sample-workbook.ts says what was done to which order
`)

/** Prints the call as you would type it, makes it, and ends the demo if it fails. */
async function rowgate(...args: readonly string[]): Promise<void> {
  stdout.write(`$ rowgate ${args.map((arg) => (arg.startsWith(root) ? relative(root, arg) : arg)).join(" ")}\n\n`)
  const code = await runCli(args, io)
  if (code !== 0) process.exit(code)
}

function heading(text: string): void {
  stdout.write(`\n== ${text}\n\n`)
}
