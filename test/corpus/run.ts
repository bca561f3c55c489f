import { spawn } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { cwd, env, execPath, exit } from "node:process"
import { parseArgs } from "node:util"

/**
 * `npm run test:corpus -- --dir FOLDER` runs the corpus tests on another corpus with the same layout. The default is `../shared/corpus`. It first
 * prints what the folder has. The exit code is 1 if a file is not read as expected, or if the given folder has no corpus.
 */
const { values } = parseArgs({ options: { dir: { type: "string" } } })
const named = values.dir === undefined ? undefined : resolve(env["INIT_CWD"] ?? cwd(), values.dir)
const folder = named ?? join(import.meta.dirname, "../../../shared/corpus")
const parts = inventory(folder)
console.log(`corpus ${folder}: ${parts.length === 0 ? "no known files" : parts.join("; ")}`)
if (named !== undefined && parts.length === 0) {
  console.error(
    "A corpus has workbooks with their truth.jsonl, in xlsx/ or at the top, or bad/, csv-spectrum/, JSONTestSuite/, real/ or flights-spark/.",
  )
  exit(1)
}
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "quick", "test/corpus"]
const child = spawn(execPath, vitest, { stdio: "inherit", env: { ...env, ROWGATE_CORPUS_DIR: folder } })
child.once("exit", (code) => exit(code ?? 1))

/** Lists the parts of a corpus that are there. */
function inventory(corpus: string): string[] {
  const found: string[] = []
  const workbooks = existsSync(join(corpus, "xlsx")) ? join(corpus, "xlsx") : corpus
  const files = existsSync(workbooks) ? readdirSync(workbooks).filter((name) => /\.xl(?:sx|sm|tx|tm)$/i.test(name)).length : 0
  const truth = join(workbooks, "truth.jsonl")
  const truths = existsSync(truth) ? readFileSync(truth, "utf8").split("\n").filter(Boolean).length : 0
  if (files + truths > 0) found.push(`${files} workbooks, truth of ${truths}`)
  if (existsSync(join(corpus, "bad"))) found.push(`${readdirSync(join(corpus, "bad")).length} broken workbooks`)
  for (const part of ["csv-spectrum", "JSONTestSuite", "real", "flights-spark"]) if (existsSync(join(corpus, part))) found.push(part)
  return found
}
