import { spawn } from "node:child_process"
import { env, execPath, exit } from "node:process"
import { parseArgs } from "node:util"

/** `npm run test:corpus -- --dir FOLDER`: the corpus tests over another corpus of the same form; default `../shared/corpus`. */
const { values } = parseArgs({ options: { dir: { type: "string" } } })
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "quick", "test/corpus"]
const child = spawn(execPath, vitest, {
  stdio: "inherit",
  env: values.dir === undefined ? env : { ...env, ROWGATE_CORPUS_DIR: values.dir },
})
child.once("exit", (code) => exit(code ?? 1))
