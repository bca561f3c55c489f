import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { cwd, env, execPath, exit } from "node:process"
import { parseArgs } from "node:util"

/**
 * `npm run test:cases -- --dir FOLDER` reads small files that are easily misread, and compares what comes out with what a careful reader would
 * load. The default folder is `../shared/cases`. The exit code is 1 if a file is misread or if the folder is absent.
 */
const { values } = parseArgs({ options: { dir: { type: "string" } } })
const folder = values.dir === undefined ? join(import.meta.dirname, "../../../shared/cases") : resolve(env["INIT_CWD"] ?? cwd(), values.dir)
if (!existsSync(join(folder, "README.md"))) {
  console.error(`There are no cases in ${folder}. Name their folder with --dir.`)
  exit(1)
}
console.log(`cases ${folder}`)
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "quick", "test/cases"]
const child = spawn(execPath, vitest, { stdio: "inherit", env: { ...env, ROWGATE_CASES_DIR: folder } })
child.once("exit", (code) => exit(code ?? 1))
